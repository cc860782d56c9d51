// Messages to a broker, as many in flight as it allows: who publishes waits for room, so that
// nothing piles up where the broker is slow. After a lost connection what was not acknowledged
// is sent again.
import { InputError } from '@dandan/shared/error';
import { ConnectionError, openConnection, type Protocol } from '../mqtt/index.ts';
import { createBackoff, waitFor } from '../retry/index.ts';
import type { TimedMessage } from './faults/index.ts';

type ConnectOptions = Parameters<typeof openConnection>[0];
type Connection = Awaited<ReturnType<typeof openConnection>>;

/** A broker that restarts is back within seconds. */
const BACKOFF = { minMs: 100, maxMs: 5000 };

/** Time for what QoS 0 left in the socket's buffer, and for DISCONNECT. */
const CLOSE_TIMEOUT_MS = 1000;

export interface PublisherOptions {
  readonly connection: ConnectOptions;
  /** @default {'auto'} */
  readonly protocol?: Protocol | 'auto';
  /** @default {1} */
  readonly qos?: 0 | 1;
  readonly signal: AbortSignal;
}

export interface PublisherCounts {
  /** Messages the broker has acknowledged; with QoS 0, handed to the network. */
  readonly acknowledged: number;
  /** Messages the broker refused. */
  readonly refused: number;
  /** Messages sent again after a lost connection; each may have arrived twice. */
  readonly resent: number;
  readonly reconnects: number;
}

export interface Publisher extends AsyncDisposable {
  readonly counts: PublisherCounts;
  /** Resolves as soon as the message is under way. @throws the signal's reason. */
  publish(message: TimedMessage): Promise<void> | undefined;
  /** Resolves when nothing is in flight. @throws the signal's reason. */
  drain(signal: AbortSignal): Promise<void>;
}

/** The first connection: tells apart what a person must correct. */
async function connectFirst(options: PublisherOptions): Promise<Connection> {
  const { connection, protocol = 'auto', signal } = options;
  const versions: Protocol[] = protocol === 'auto' ? ['5', '3.1.1'] : [protocol];
  for (;;) {
    try {
      return await openConnection(connection, versions[0], () => {}, signal);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      if (error.reason === 'protocol' && versions.length > 1) {
        versions.shift();
        continue;
      }
      const refused = error.reason === 'credentials';
      throw new InputError(
        refused ? 'broker-refused' : 'broker-unreachable',
        `No connection to the broker: ${error.message}`,
        {
          field: refused ? '--username' : '--broker',
          value: refused ? undefined : connection.url,
          allowed: refused ? 'a user that may publish telemetry' : 'the URL of a running broker',
          cause: error,
        },
      );
    }
  }
}

/** Connects. @throws {InputError} `broker-refused`, `broker-unreachable`; the signal's reason. */
export async function openPublisher(options: PublisherOptions): Promise<Publisher> {
  const { connection, qos = 1, signal } = options;
  const counts = { acknowledged: 0, refused: 0, resent: 0, reconnects: 0 };
  const inFlight = new Set<TimedMessage>();
  let changed = Promise.withResolvers<void>();
  let current: Connection | undefined;
  const close = new AbortController();
  const ended = AbortSignal.any([signal, close.signal]);

  function wake(): void {
    changed.resolve();
    changed = Promise.withResolvers();
  }

  function send(via: Connection, message: TimedMessage): void {
    const { topic, payload, retain } = message;
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
    via.client.publish(topic, bytes, { qos, retain }, (error) => {
      if (via !== current) return;
      const code = (error as { code?: unknown } | null | undefined)?.code;
      const refused = typeof code === 'number' && code >= 0x80;
      // Any other error is the connection's; what was in flight is sent again on the next.
      if (error && !refused) return;
      if (inFlight.delete(message)) counts[refused ? 'refused' : 'acknowledged']++;
      wake();
    });
  }

  async function hold(via: Connection): Promise<void> {
    current = via;
    wake();
    await via.closed;
    current = undefined;
  }

  async function keep(first: Connection): Promise<void> {
    const backoff = createBackoff(BACKOFF);
    await hold(first);
    while (!ended.aborted) {
      try {
        const via = await openConnection(connection, first.protocol, () => {}, ended);
        backoff.reset();
        counts.reconnects++;
        const again = [...inFlight];
        counts.resent += again.length;
        const held = hold(via);
        for (const message of again) send(via, message);
        await held;
      } catch {
        await waitFor(backoff.next(), ended).catch(() => {});
      }
    }
  }

  const first = await connectFirst(options);
  const kept = keep(first);
  const hasRoom = () => current !== undefined && inFlight.size < current.window;
  const begin = (message: TimedMessage) => {
    inFlight.add(message);
    send(current as Connection, message);
  };

  async function until(condition: () => boolean, deadline: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<never>();
    aborted.promise.catch(() => {});
    const onAbort = () => aborted.reject(deadline.reason);
    deadline.addEventListener('abort', onAbort);
    try {
      deadline.throwIfAborted();
      while (!condition()) await Promise.race([changed.promise, aborted.promise]);
    } finally {
      deadline.removeEventListener('abort', onAbort);
    }
  }

  return {
    counts,
    publish(message) {
      if (!hasRoom()) return until(hasRoom, signal).then(() => begin(message));
      begin(message);
      return undefined;
    },
    drain: (deadline) => until(() => inFlight.size === 0, deadline),
    async [Symbol.asyncDispose]() {
      close.abort();
      const last = current;
      last?.client.end(false);
      const cut = setTimeout(() => last?.client.end(true), CLOSE_TIMEOUT_MS);
      await kept;
      clearTimeout(cut);
    },
  };
}
