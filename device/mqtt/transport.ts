// What the gateway needs of a message broker. One contract suite (`transport.contract.ts`)
// holds for every broker and protocol version behind it.
import type { MessageProperties, RequestProperties } from './message-properties.ts';

export type Protocol = '5' | '3.1.1';

export type TransportState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected'; readonly protocol: Protocol }
  | { readonly kind: 'closed' };

export interface MessageDetails extends MessageProperties {
  /** The broker kept it: it may be of any age. */
  readonly retained: boolean;
  /** Sent before, but its acknowledgement did not arrive. */
  readonly duplicate: boolean;
  /** 0 for QoS 0. */
  readonly packetId: number;
  /**
   * Takes over the acknowledgement, which otherwise follows when the handler returns. Until the
   * returned function is called the broker keeps the message, also beyond a broken connection.
   */
  hold(): () => void;
}

export type MessageHandler = (topic: string, payload: Uint8Array, details: MessageDetails) => void;

/** With MQTT 3.1.1 all but `retain` is left out. */
export interface PublishOptions extends RequestProperties {
  /** The broker keeps it as the topic's last word. @default {false} */
  readonly retain?: boolean;
  /** MQTT 5: the broker forgets it after so many seconds. @default {never} */
  readonly expirySeconds?: number;
}

export interface Transport {
  readonly state: TransportState;
  /** Publishes that the broker has not acknowledged yet. */
  readonly waiting: number;
  /**
   * Starts connecting and resolves with the first connection. It tries until it
   * succeeds, and reconnects whenever the connection is lost, until `close`.
   *
   * @throws the signal's reason when aborted before the first connection.
   */
  connect(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /**
   * Subscribes with QoS 1, now and after every reconnect; resolves with the first
   * acknowledgement. May be called before `connect`.
   *
   * @throws {InputError} `broker-refused` when the broker denies it.
   */
  subscribe(filter: string, handler: MessageHandler): Promise<void>;
  /**
   * Publishes with QoS 1; resolves when the broker has acknowledged. While the broker
   * is away the message waits; if the connection breaks before the acknowledgement it
   * is sent again, so it may arrive twice.
   *
   * @throws {PublishError} dropped from a full queue, refused by the broker, or closed.
   */
  publish(topic: string, payload: string | Uint8Array, options?: PublishOptions): Promise<void>;
  /** Resolves when no publish waits. @throws the signal's reason when aborted. */
  drain(options?: { readonly signal?: AbortSignal }): Promise<void>;
  /** Takes leave of the broker: no will is sent, waiting publishes fail. */
  close(): Promise<void>;
}

/** A message that will never be acknowledged; sending it again is the caller's choice. */
export class PublishError extends Error {
  override readonly name = 'PublishError';
  readonly reason: 'dropped' | 'refused' | 'closed';

  constructor(reason: 'dropped' | 'refused' | 'closed', message: string) {
    super(message);
    this.reason = reason;
  }
}
