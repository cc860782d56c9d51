// One try to reach a broker in one protocol version. Reconnects, queueing and the
// choice of the version are the transport's; the client library only speaks MQTT.
import { Socket } from 'node:net';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { createHeldAcknowledgements } from './held-acknowledgements.ts';
import { readProperties } from './message-properties.ts';
import { readTlsFiles, type TlsFiles } from './tls-files.ts';
import type { MessageHandler, Protocol } from './transport.ts';

/** A broker on a plant network answers within milliseconds; satellites need seconds. */
const CONNECT_TIMEOUT_MS = 10_000;

/** A dead link is noticed after one and a half of these. */
const KEEPALIVE_SECONDS = 15;

/** Most publishes in flight, where the broker sets no lower Receive Maximum. */
const MAX_IN_FLIGHT = 256;

/**
 * Most messages the broker may send before the first is acknowledged: acknowledgements wait for a
 * write to the disk, so this bounds messages a second to 2,000 per write. MQTT 5 alone; 3.1.1
 * brokers have a limit of their own (mosquitto's max_inflight_messages: 20).
 */
const RECEIVE_MAXIMUM = 2000;

/** Topics a broker may abbreviate for us: a few hundred assets with some channels each. */
const TOPIC_ALIASES = 1000;

/** CONNACK codes for an unsupported version: 3.1.1 section 3.2.2.3, 5 section 3.2.2.2. */
const PROTOCOL_CODES = [0x01, 0x84];

/** CONNACK codes for credentials: 3.1.1 4 and 5; 5 Bad User Name, Not authorized, Banned. */
const CREDENTIAL_CODES = [0x04, 0x05, 0x86, 0x87, 0x8a];

export interface Will {
  readonly topic: string;
  readonly payload: string;
  /** MQTT 5: seconds after which it is published, unless the client is back by then. @default {0} */
  readonly delaySeconds?: number;
}

export interface ConnectionOptions {
  /** mqtt:// or mqtts://. */
  readonly url: string;
  readonly clientId: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** Files of a private authority and of a client certificate; read anew for every connection. */
  readonly tls?: TlsFiles | undefined;
  /** Retained message that the broker publishes when the connection breaks. */
  readonly will?: Will | undefined;
  /**
   * Seconds for which the broker keeps telemetry for a gateway that is away (3.1.1 has
   * no such limit: the broker's own holds). 0: it keeps nothing.
   *
   * @default {3600}
   */
  readonly sessionSeconds?: number;
  /** @default {2000} */
  readonly receiveMaximum?: number;
}

export interface Connection {
  readonly client: MqttClient;
  readonly protocol: Protocol;
  /** Publishes that may be in flight. */
  readonly window: number;
  /** Largest packet that the broker takes. */
  readonly maxPacketBytes: number;
  /** Resolves when the connection is gone. */
  readonly closed: Promise<void>;
}

/** Why a try failed: `protocol` asks for the other version, `credentials` for a person. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  readonly reason: 'protocol' | 'credentials' | 'network';

  constructor(reason: 'protocol' | 'credentials' | 'network', message: string) {
    super(message);
    this.reason = reason;
  }
}

function clientOptions(options: ConnectionOptions, protocol: Protocol): IClientOptions {
  const { clientId, username, password, will, sessionSeconds = 3600 } = options;
  const { receiveMaximum = RECEIVE_MAXIMUM } = options;
  return {
    protocolVersion: protocol === '5' ? 5 : 4,
    clientId,
    clean: sessionSeconds === 0,
    keepalive: KEEPALIVE_SECONDS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(will === undefined ? {} : { will: willOf(will) }),
    ...(protocol === '5' && {
      autoAssignTopicAlias: true,
      properties: {
        sessionExpiryInterval: sessionSeconds,
        receiveMaximum,
        topicAliasMaximum: TOPIC_ALIASES,
      },
    }),
  };
}

/** The library drops properties where it speaks 3.1.1. */
function willOf({ topic, payload, delaySeconds = 0 }: Will): IClientOptions['will'] {
  const properties = { willDelayInterval: delaySeconds };
  return { topic, payload: Buffer.from(payload), qos: 1, retain: true, properties };
}

function toConnectionError(error: Error & { code?: unknown }): ConnectionError {
  const { code } = error;
  if (typeof code !== 'number') {
    return new ConnectionError('network', typeof code === 'string' ? code : error.message);
  }
  if (PROTOCOL_CODES.includes(code)) return new ConnectionError('protocol', error.message);
  const reason = CREDENTIAL_CODES.includes(code) ? 'credentials' : 'network';
  return new ConnectionError(reason, error.message);
}

/**
 * Connects once. `onMessage` also gets what the broker kept while the gateway was away.
 *
 * @throws {ConnectionError} or the signal's reason.
 */
export async function openConnection(
  options: ConnectionOptions,
  protocol: Protocol,
  onMessage: MessageHandler,
  signal?: AbortSignal,
): Promise<Connection> {
  const tls = await readTlsFiles(options.tls);
  signal?.throwIfAborted();
  const client = mqtt.connect(options.url, { ...clientOptions(options, protocol), ...tls });
  const closed = new Promise<void>((resolve) => client.once('close', resolve));
  const acknowledgements = createHeldAcknowledgements(client);
  client.on('message', (topic, payload, packet) => {
    const { retain, dup, messageId = 0 } = packet;
    onMessage(topic, payload, {
      ...readProperties(packet),
      retained: retain,
      duplicate: dup,
      packetId: messageId,
      hold: () => (messageId === 0 ? () => {} : acknowledgements.hold(messageId)),
    });
  });
  // Nagle's algorithm against the broker's delayed ACK costs 40 ms per exchange.
  if (client.stream instanceof Socket) client.stream.setNoDelay(true);
  return new Promise((resolve, reject) => {
    let done = false;
    const finish = (act: () => void) => {
      if (done) return;
      done = true;
      signal?.removeEventListener('abort', onAbort);
      act();
    };
    const fail = (error: unknown) =>
      finish(() => {
        client.end(true);
        reject(error);
      });
    const onAbort = () => fail(signal?.reason);
    signal?.addEventListener('abort', onAbort);
    client.once('connect', ({ properties }) =>
      finish(() => {
        const window = Math.min(properties?.receiveMaximum ?? MAX_IN_FLIGHT, MAX_IN_FLIGHT);
        const maxPacketBytes = properties?.maximumPacketSize ?? Number.POSITIVE_INFINITY;
        resolve({ client, protocol, window, maxPacketBytes, closed });
      }),
    );
    // Stays for the life of the client: an error always comes with `close`, which is what counts.
    client.on('error', (error) => fail(toConnectionError(error)));
    // Old brokers hang up on a version they do not know, without a CONNACK.
    client.once('close', () => fail(new ConnectionError('protocol', 'closed before CONNACK')));
  });
}
