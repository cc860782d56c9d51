// One request of a report to the edge, and what its outcome means for the report.

import { PROBLEM_MEDIA_TYPE, problemSchema } from '@dandan/shared/wire';
import { bearer, type EdgeKey } from '../key/index.ts';

/** Answers of these routes are below 10 kB: a channel of each of 32 models, a monitor. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** 4xx that pass by themselves: Request Timeout and Too Many Requests. */
const PASSING = [408, 429];

export interface EdgePost {
  /** Below the edge's base URL, e.g. `v1/heartbeats`. */
  readonly path: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
  readonly idempotencyKey?: string | undefined;
}

export type PostOutcome =
  /** `json`: `undefined` where the answer is none. */
  | { readonly kind: 'taken'; readonly json: unknown }
  /** The edge is out of reach or out of order, or the key is wrong; the same may succeed later. */
  | {
      readonly kind: 'unavailable' | 'unauthorised';
      readonly reason: string;
      readonly retryAfterMs: number;
    }
  /** The edge will never take it. */
  | { readonly kind: 'refused'; readonly reason: string };

export type PostToEdge = (post: EdgePost, signal: AbortSignal) => Promise<PostOutcome>;

export interface EdgePostOptions {
  /** Base URL of the edge. */
  readonly url: string;
  readonly key: EdgeKey;
  readonly timeoutMs: number;
}

async function readAnswer(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) throw new Error('answer too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function retryAfterMs(response: Response): number {
  const header = response.headers.get('retry-after') ?? '';
  return /^\d{1,6}$/.test(header) ? Number(header) * 1000 : 0;
}

function judge(response: Response, text: string): PostOutcome {
  const { status, ok } = response;
  if (ok) return { kind: 'taken', json: parse(text) };
  const isProblem = response.headers.get('content-type')?.startsWith(PROBLEM_MEDIA_TYPE);
  const problem = problemSchema.safeParse(isProblem ? parse(text) : undefined);
  const code = problem.success ? ` ${problem.data.code}` : '';
  const field = problem.success && problem.data.field ? ` (${problem.data.field})` : '';
  const reason = `HTTP ${status}${code}${field}`.slice(0, 200);
  const retry = { reason, retryAfterMs: retryAfterMs(response) };
  if (status === 401 || status === 403) return { kind: 'unauthorised', ...retry };
  const final = status >= 400 && status < 500 && !PASSING.includes(status);
  return final ? { kind: 'refused', reason } : { kind: 'unavailable', ...retry };
}

/** A short name for what went wrong; a fetch error's message may carry the URL. */
function networkReason(error: unknown): string {
  const { name, message, cause } = error as Error & { cause?: { code?: unknown } };
  if (name === 'TimeoutError') return 'timeout';
  return String(cause?.code ?? (message === 'answer too long' ? message : name)).slice(0, 200);
}

/** Posts with the gateway's key; never throws for what the edge or the network does. */
export function createEdgePost({ url, key, timeoutMs }: EdgePostOptions): PostToEdge {
  const base = url.endsWith('/') ? url : `${url}/`;
  return async function postToEdge({ path, body, mediaType, idempotencyKey }, signal) {
    try {
      const response = await fetch(new URL(path, base), {
        method: 'POST',
        headers: {
          authorization: bearer(key),
          'content-type': mediaType,
          ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        },
        body,
        // A redirect would carry the key to another place.
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      return judge(response, await readAnswer(response));
    } catch (error) {
      signal.throwIfAborted();
      return { kind: 'unavailable', reason: networkReason(error), retryAfterMs: 0 };
    }
  };
}
