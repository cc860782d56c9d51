// A drain's way to a broker. What the broker refuses may be the message's fault or that of the broker's
// access rules, which a person can mend: only where others get through is it the message's.
import { PublishError, type Transport } from '../../mqtt/index.ts';
import type { SendOutcome } from './drain.ts';
import type { Message } from './message.ts';

/** Pause after a refusal that may be the access rules': mending them takes a person. */
const REFUSED_PAUSE_MS = 30_000;

/** Refused messages remembered; a drain has no more than that in flight. */
const MAX_REMEMBERED = 1000;

export interface BrokerSendOptions {
  readonly transport: Pick<Transport, 'publish' | 'state'>;
  /** Seconds the broker keeps a message for absent readers (MQTT 5); its own rest where that is less. */
  readonly maxExpirySeconds?: number;
}

/** A `send` of a drain: resolves with PUBACK, and sends nothing while the broker is away. */
export function createBrokerSend(options: BrokerSendOptions) {
  const { transport, maxExpirySeconds } = options;
  /** Messages refused once, and how many had been acknowledged by then. */
  const refusedAt = new Map<number, number>();
  let acknowledged = 0;

  function onRefused(seq: number, reason: string): SendOutcome {
    const before = refusedAt.get(seq);
    if (before !== undefined && acknowledged > before) {
      refusedAt.delete(seq);
      return { kind: 'refused', reason };
    }
    if (refusedAt.size >= MAX_REMEMBERED) refusedAt.clear();
    refusedAt.set(seq, acknowledged);
    return { kind: 'unavailable', reason, retryAfterMs: REFUSED_PAUSE_MS };
  }

  return async function sendToBroker(message: Message): Promise<SendOutcome> {
    const { seq, destination, payload, expiresInMs } = message;
    // The transport would keep it in memory, beside what is on disk.
    if (transport.state.kind !== 'connected')
      return { kind: 'unavailable', reason: 'not connected' };
    const rest = Math.max(1, Math.ceil(expiresInMs / 1000));
    const expiry =
      maxExpirySeconds === undefined ? {} : { expirySeconds: Math.min(maxExpirySeconds, rest) };
    try {
      await transport.publish(destination, payload, expiry);
    } catch (error) {
      const refused = error instanceof PublishError && error.reason === 'refused';
      const { message: reason } = error as Error;
      return refused ? onRefused(seq, reason) : { kind: 'unavailable', reason };
    }
    acknowledged++;
    refusedAt.delete(seq);
    return { kind: 'acknowledged' };
  };
}
