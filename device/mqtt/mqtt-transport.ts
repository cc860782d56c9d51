// The transport over MQTT 5, or 3.1.1 where the broker refuses 5.
import { InputError } from '@dandan/shared/error';
import type { Logger } from '../log/index.ts';
import { type Backoff, waitFor, withSignal } from '../retry/index.ts';
import { packetBytes, toPacketProperties } from './message-properties.ts';
import {
  type Connection,
  ConnectionError,
  type ConnectionOptions,
  openConnection,
  type Will,
} from './open-connection.ts';
import { createPublishQueue, type QueuedPublish } from './publish-queue.ts';
import { createTopicFilter } from './topic-filter.ts';
import {
  type MessageDetails,
  type MessageHandler,
  type Protocol,
  PublishError,
  type Transport,
  type TransportState,
} from './transport.ts';

/** A connection that lasted this long was sound: the next loss starts with a short delay again. */
const STABLE_MS = 5000;

/** Time for DISCONNECT to leave; after it the socket is cut and the broker sends the will. */
const CLOSE_TIMEOUT_MS = 1000;

export interface MqttTransportOptions extends Omit<ConnectionOptions, 'url' | 'will'> {
  /** As a function it is asked for every connection. */
  readonly will?: Will | (() => Will) | undefined;
  /** One broker, or several that share their sessions; tried in turn. */
  readonly url: string | readonly string[];
  /** @default {'auto'} */
  readonly protocol?: Protocol | 'auto';
  /** Delays between tries to connect. */
  readonly backoff: Backoff;
  readonly log: Logger;
  /** Called after every connect. */
  readonly onConnect?: (protocol: Protocol) => void;
  /** Most publishes that may wait. @default {MAX_WAITING_PUBLISHES} */
  readonly maxWaiting?: number;
}

interface Subscription {
  readonly matches: (topic: string) => boolean;
  readonly handler: MessageHandler;
  readonly acknowledged: PromiseWithResolvers<void>;
}

/** True for the broker's own no: reason codes from 0x80 on (MQTT 5, section 2.4). */
function isRefusal(error: Error): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'number' && code >= 0x80;
}

function deny(filter: string, cause?: unknown): InputError {
  return new InputError('broker-refused', `The broker refused the subscription to ${filter}`, {
    field: 'broker',
    value: filter,
    allowed: 'a user with read access to this topic',
    cause,
  });
}

/** A transport to the broker at `url`; it does nothing before `connect`. */
export function createMqttTransport(options: MqttTransportOptions): Transport {
  const { protocol: wanted = 'auto', backoff, log, onConnect, maxWaiting } = options;
  const queue = createPublishQueue(maxWaiting === undefined ? {} : { limit: maxWaiting });
  const subscriptions = new Map<string, Subscription>();
  const urls = typeof options.url === 'string' ? [options.url] : options.url;
  const stop = new AbortController();
  const firstConnection = Promise.withResolvers<void>();
  firstConnection.promise.catch(() => {});
  let idle = Promise.withResolvers<void>();
  let state: TransportState = { kind: 'connecting' };
  let connection: Connection | undefined;
  let loop: Promise<void> | undefined;
  let version: Protocol = wanted === 'auto' ? '5' : wanted;
  let urlIndex = 0;

  function settled(): void {
    if (queue.size > 0) return;
    idle.resolve();
    idle = Promise.withResolvers();
  }

  function send(current: Connection, entry: QueuedPublish): void {
    const { topic, payload, options: publishOptions } = entry;
    const { retain = false } = publishOptions;
    // A broker hangs up on a larger packet, and would do so again after every reconnect.
    if (packetBytes(topic, payload, publishOptions) > current.maxPacketBytes) {
      queue.settle(entry);
      entry.reject(new PublishError('refused', 'Larger than the packets that the broker takes'));
      settled();
      return;
    }
    // The library drops properties where it speaks 3.1.1.
    const properties = toPacketProperties(publishOptions);
    // The library's own type asks for a Buffer.
    const bytes = typeof payload === 'string' ? payload : Buffer.from(payload);
    current.client.publish(topic, bytes, { qos: 1, retain, properties }, (error) => {
      // An entry of a lost connection is back in the queue already.
      if (current !== connection) return;
      // Any other error is the connection's; its `close` event puts the entry back.
      if (error && !isRefusal(error)) return;
      if (queue.settle(entry)) {
        if (error) entry.reject(new PublishError('refused', error.message));
        else entry.resolve();
      }
      pump();
      settled();
    });
  }

  function pump(): void {
    while (connection !== undefined) {
      const entry = queue.take(connection.window);
      if (entry === undefined) return;
      send(connection, entry);
    }
  }

  function requestSubscription(current: Connection, filter: string): void {
    const { acknowledged } = subscriptions.get(filter) as Subscription;
    current.client.subscribe(filter, { qos: 1 }, (error) => {
      if (current !== connection) return;
      if (error === null) {
        // What was published between the connection and this is not seen.
        log.info('subscribed', { filter });
        acknowledged.resolve();
        return;
      }
      // Without the broker's SUBACK it is the connection's error; the next one asks again.
      if ((error as { packet?: unknown }).packet === undefined) return;
      log.error('subscription-refused', { filter, reason: error.message });
      acknowledged.reject(deny(filter, error));
    });
  }

  function dispatch(topic: string, payload: Uint8Array, details: MessageDetails): void {
    for (const { matches, handler } of subscriptions.values()) {
      if (matches(topic)) handler(topic, payload, details);
    }
  }

  /** Takes note of a failed try; @returns false when another version or broker is to be tried at once. */
  function afterFailure(error: unknown): boolean {
    const { reason, message } =
      error instanceof ConnectionError ? error : new ConnectionError('network', String(error));
    log.warn('broker-unavailable', { url: urls[urlIndex], reason, message, protocol: version });
    if (wanted === 'auto' && reason === 'protocol') {
      version = version === '5' ? '3.1.1' : '5';
      if (version === '3.1.1') return false;
    }
    urlIndex = (urlIndex + 1) % urls.length;
    // The next broker is tried at once; a round of all of them has failed when it is the first again.
    return urlIndex === 0;
  }

  async function hold(current: Connection): Promise<void> {
    if (stop.signal.aborted) {
      current.client.end(true);
      return;
    }
    const since = Date.now();
    connection = current;
    state = { kind: 'connected', protocol: current.protocol };
    log.info('broker-connected', { url: urls[urlIndex], protocol: current.protocol });
    // MQTT 5 says why it hangs up; 0x8e is a second gateway of the same site and name.
    current.client.once('disconnect', ({ reasonCode }) =>
      log.warn('broker-hung-up', { reasonCode }),
    );
    for (const filter of subscriptions.keys()) requestSubscription(current, filter);
    onConnect?.(current.protocol);
    pump();
    firstConnection.resolve();
    await current.closed;
    connection = undefined;
    queue.rewind();
    if (stop.signal.aborted) return;
    state = { kind: 'connecting' };
    log.warn('broker-disconnected', { waiting: queue.size });
    if (Date.now() - since >= STABLE_MS) backoff.reset();
  }

  async function run(): Promise<void> {
    const { signal } = stop;
    while (!signal.aborted) {
      let wait = true;
      try {
        const will = typeof options.will === 'function' ? options.will() : options.will;
        const connecting = { ...options, url: urls[urlIndex], will };
        await hold(await openConnection(connecting, version, dispatch, signal));
      } catch (error) {
        if (signal.aborted) return;
        wait = afterFailure(error);
      }
      if (wait && !signal.aborted) await waitFor(backoff.next(), signal).catch(() => {});
    }
  }

  return {
    get state() {
      return state;
    },
    get waiting() {
      return queue.size;
    },
    async connect({ signal } = {}) {
      loop ??= run();
      await withSignal(firstConnection.promise, signal);
    },
    subscribe(filter, handler) {
      const acknowledged = Promise.withResolvers<void>();
      acknowledged.promise.catch(() => {});
      subscriptions.set(filter, { matches: createTopicFilter(filter), handler, acknowledged });
      if (connection !== undefined) requestSubscription(connection, filter);
      return acknowledged.promise;
    },
    publish(topic, payload, publishOptions = {}) {
      if (stop.signal.aborted) {
        return Promise.reject(new PublishError('closed', 'The transport is closed'));
      }
      return new Promise((resolve, reject) => {
        queue.add({ topic, payload, options: publishOptions, resolve, reject });
        pump();
      });
    },
    async drain({ signal } = {}) {
      while (queue.size > 0) await withSignal(idle.promise, signal);
    },
    async close() {
      stop.abort(new PublishError('closed', 'The transport is closed'));
      state = { kind: 'closed' };
      const current = connection;
      if (current !== undefined) {
        current.client.end(false);
        const cut = setTimeout(() => current.client.end(true), CLOSE_TIMEOUT_MS);
        await current.closed;
        clearTimeout(cut);
      }
      queue.fail(new PublishError('closed', 'The transport was closed'));
      settled();
      await loop;
    },
  };
}
