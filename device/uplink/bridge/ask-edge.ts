// One request of a gateway, forwarded to the edge under the bridge's own key; every way it can
// fail has a status that the gateway understands.
import { networkReason, postRows } from '../escalation/index.ts';
import type { BridgeRequest } from './read-request.ts';
import { problemReply, type Reply } from './reply.ts';

/** A bridge whose edge is away asks its gateways to come back after this. */
const EDGE_RETRY_MS = 5000;

export interface AskEdgeOptions {
  /** Base URL of the edge. */
  readonly url: string;
  readonly key: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface EdgeReply {
  readonly reply: Reply;
  /** Whether the edge itself answered; a short word for the log where it did not. */
  readonly failure: string | undefined;
}

/** Asks once: whoever needs the answer asks again. Never throws. */
export async function askEdge(
  { body, correlation }: BridgeRequest,
  { url, key, timeoutMs, signal }: AskEdgeOptions,
): Promise<EdgeReply> {
  try {
    const answer = await postRows({
      url,
      key,
      body,
      idempotencyKey: Buffer.from(correlation).toString('hex'),
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    if (answer.body === undefined) {
      return { reply: problemReply('edge-answer-too-large'), failure: 'answer too long' };
    }
    const { status, retryAfter, contentType = 'application/octet-stream' } = answer;
    return { reply: { status, retryAfter, contentType, body: answer.body }, failure: undefined };
  } catch (error) {
    if (signal.aborted) return { reply: problemReply('bridge-stopping', 0), failure: 'stopping' };
    const failure = networkReason(error);
    const code = failure === 'timeout' ? 'edge-timeout' : 'edge-unreachable';
    return { reply: problemReply(code, EDGE_RETRY_MS), failure };
  }
}
