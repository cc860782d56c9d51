// The link to the edge over HTTPS: one request per batch.

import { sha256Hex } from '@dandan/shared/bundle';
import { encodeQuantisedRows, MAX_BODY_BYTES } from '@dandan/shared/wire';
import type { EdgeKey } from '../key/index.ts';
import type { EdgeLink } from './edge-link.ts';
import { judgeAnswer, parseRetryAfter } from './judge-answer.ts';
import { networkReason, postRows } from './post-rows.ts';

export interface EdgeClientOptions {
  /** Base URL of the edge. */
  readonly url: string;
  readonly key: EdgeKey;
  readonly timeoutMs: number;
}

/** A client for the edge's escalations. */
export function createEdgeClient({ url, key, timeoutMs }: EdgeClientOptions): EdgeLink {
  return {
    async escalate(batch, signal) {
      const { rows, bundle, model } = batch;
      const body = encodeQuantisedRows(rows, { bundle, model });
      const idempotencyKey = await sha256Hex(body);
      const bytesUp = body.byteLength;
      const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        const answer = await postRows({ url, key, body, idempotencyKey, signal: limited });
        return judgeAnswer(batch, {
          ...answer,
          retryAfterMs: parseRetryAfter(answer.retryAfter, Date.now()),
          bytesUp,
          bytesDown: answer.body?.byteLength ?? MAX_BODY_BYTES,
        });
      } catch (error) {
        signal.throwIfAborted();
        const reason = networkReason(error);
        const nobody = { retryAfterMs: 0, status: undefined, bytesDown: 0 };
        return { kind: 'unavailable', reason, bytesUp, ...nobody };
      }
    },
  };
}
