// What MQTT 5 carries beside a payload, for requests and their responses. 3.1.1 has none of it.
import type { IClientPublishOptions, IPublishPacket } from 'mqtt';

export interface RequestProperties {
  /** Where the answer is wanted. */
  readonly responseTopic?: string | undefined;
  /** Tells which request an answer belongs to. */
  readonly correlationData?: Uint8Array | undefined;
  readonly contentType?: string | undefined;
  readonly userProperties?: Readonly<Record<string, string>> | undefined;
}

export interface MessageProperties extends RequestProperties {
  /** Seconds that are left of the sender's message expiry. */
  readonly expirySeconds?: number | undefined;
}

type PacketProperties = NonNullable<IClientPublishOptions['properties']>;

/** Bytes of a packet beside topic, payload and properties: fixed header, lengths, identifiers. */
const PACKET_OVERHEAD = 64;

export function toPacketProperties(
  options: RequestProperties & { readonly expirySeconds?: number },
): PacketProperties {
  const { responseTopic, correlationData, contentType, userProperties, expirySeconds } = options;
  return {
    ...(expirySeconds === undefined ? {} : { messageExpiryInterval: expirySeconds }),
    ...(responseTopic === undefined ? {} : { responseTopic }),
    // The library's own type asks for a Buffer.
    ...(correlationData === undefined ? {} : { correlationData: Buffer.from(correlationData) }),
    ...(contentType === undefined ? {} : { contentType }),
    ...(userProperties === undefined ? {} : { userProperties: { ...userProperties } }),
  };
}

/** A property that was sent twice has no meaning that both sides agree on, so it is left out. */
function singleProperties(given: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(given).filter(([, value]) => typeof value === 'string');
  return Object.fromEntries(entries) as Record<string, string>;
}

export function readProperties({ properties }: IPublishPacket): MessageProperties {
  if (properties === undefined) return {};
  const { responseTopic, correlationData, contentType, messageExpiryInterval } = properties;
  const userProperties = singleProperties(properties.userProperties ?? {});
  return {
    responseTopic,
    correlationData,
    contentType,
    expirySeconds: messageExpiryInterval,
    userProperties,
  };
}

/** Upper bound of a packet's bytes, for brokers that say how much they take. */
export function packetBytes(
  topic: string,
  payload: string | Uint8Array,
  options: RequestProperties,
): number {
  const { responseTopic = '', correlationData, contentType = '', userProperties = {} } = options;
  const texts = [topic, responseTopic, contentType, ...Object.entries(userProperties).flat()];
  const text = texts.reduce((sum, each) => sum + Buffer.byteLength(each) + 4, 0);
  return Buffer.byteLength(payload) + (correlationData?.length ?? 0) + text + PACKET_OVERHEAD;
}
