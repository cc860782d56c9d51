// One HTTPS request for escalation, as a gateway or a bridge makes it.

import { MAX_BODY_BYTES, SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import { bearer, type EdgeKey } from '../key/index.ts';

export interface PostRowsOptions {
  /** Base URL of the edge. */
  readonly url: string;
  readonly key: EdgeKey;
  readonly body: Uint8Array;
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
}

export interface PostedAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly retryAfter: string | undefined;
  /** `undefined`: longer than {@linkcode MAX_BODY_BYTES}. */
  readonly body: Uint8Array | undefined;
}

/** Reads a body, never more than {@linkcode MAX_BODY_BYTES}; `undefined` when it is longer. */
async function readBody(response: Response): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Posts rows. @throws what `fetch` throws, also for an answer that breaks off. */
export async function postRows(options: PostRowsOptions): Promise<PostedAnswer> {
  const { url, key, body, idempotencyKey, signal } = options;
  const response = await fetch(new URL('v1/escalations', url.endsWith('/') ? url : `${url}/`), {
    method: 'POST',
    headers: {
      authorization: bearer(key),
      'content-type': SAFETENSORS_MEDIA_TYPE,
      'idempotency-key': idempotencyKey,
    },
    // `fetch` takes no view of shared memory, which no caller has.
    body: body as Uint8Array<ArrayBuffer>,
    // A redirect would carry the key to another place.
    redirect: 'error',
    signal,
  });
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? undefined,
    retryAfter: response.headers.get('retry-after') ?? undefined,
    body: await readBody(response),
  };
}

/** A short name for what went wrong; a fetch error's message may carry the URL. */
export function networkReason(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: unknown; message?: unknown } };
  if (name === 'TimeoutError') return 'timeout';
  return String(cause?.code ?? cause?.message ?? name).slice(0, 200);
}
