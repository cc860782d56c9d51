// A GET to the edge with the gateway's key, and what its failure means.

import { problemSchema } from '@dandan/shared/wire';
import { bearer, type EdgeKey } from '../../uplink/key/index.ts';

export interface EdgeAccess {
  /** Base URL of the edge. */
  readonly url: string;
  /** Asked for at every request, so that a key can be changed while the gateway runs. */
  readonly key: EdgeKey;
}

/** The edge is out of reach or out of order; the same request may succeed later. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly reason: string;
  readonly retryAfterMs: number;
}

/** The same request will be refused again until a person changes something. */
export interface Refused {
  readonly kind: 'refused';
  readonly reason: string;
}

/** 4xx that pass by themselves: Request Timeout, Too Early, Too Many Requests. */
const PASSING = [408, 425, 429];

/** A problem document is below 4 kB. */
const MAX_PROBLEM_BYTES = 16 * 1024;

/** Longest that a server may make us wait: its word is no reason to stay away for a day. */
const MAX_RETRY_AFTER_MS = 15 * 60_000;

export function edgeUrl({ url }: EdgeAccess, path: string): URL {
  return new URL(path, url.endsWith('/') ? url : `${url}/`);
}

export function edgeHeaders({ key }: EdgeAccess): Record<string, string> {
  return { authorization: bearer(key) };
}

/** Reads a body of at most `limit` bytes; `undefined` when it is longer. */
export async function readLimited(
  response: Response,
  limit: number,
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function parseJsonBody(body: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body ?? new Uint8Array()));
  } catch {
    return undefined;
  }
}

function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? Math.min(MAX_RETRY_AFTER_MS, Math.max(0, seconds * 1000)) : 0;
}

/** What an answer that is no success means. It reads the body. */
export async function failureOf(response: Response): Promise<Unavailable | Refused> {
  const { status } = response;
  const problem = problemSchema.safeParse(
    parseJsonBody(await readLimited(response, MAX_PROBLEM_BYTES)),
  );
  const reason = `HTTP ${status}${problem.success ? ` ${problem.data.code}` : ''}`.slice(0, 200);
  if (status >= 400 && status < 500 && !PASSING.includes(status))
    return { kind: 'refused', reason };
  return { kind: 'unavailable', reason, retryAfterMs: retryAfterMs(response) };
}

/** A short name for what went wrong; a fetch error's message may carry the URL. */
export function networkFailure(error: unknown): Unavailable {
  const { name, cause } = error as Error & { cause?: { code?: unknown; message?: unknown } };
  const reason =
    name === 'TimeoutError' ? 'timeout' : String(cause?.code ?? cause?.message ?? name);
  return { kind: 'unavailable', reason: reason.slice(0, 200), retryAfterMs: 0 };
}
