// One request to the edge, and what its outcome means for the rows in it.
import { sha256Hex } from '@dandan/shared/bundle';
import type { QuantisedRows } from '@dandan/shared/kernel';
import {
  type Answer,
  encodeQuantisedRows,
  MAX_BODY_BYTES,
  predictResponseSchema,
  problemSchema,
  SAFETENSORS_MEDIA_TYPE,
} from '@dandan/shared/wire';

/** 4xx that pass by themselves: Request Timeout and Too Many Requests. */
const PASSING = [408, 429];

/** The gateway's key is wrong, not its rows: they wait until a person has corrected it. */
const UNAUTHORISED = [401, 403];

export interface EscalationBatch {
  readonly rows: QuantisedRows;
  /** SHA-256 of the bundle that all rows belong to. */
  readonly bundle: string;
  readonly model: string;
}

interface Traffic {
  readonly bytesUp: number;
  readonly bytesDown: number;
}

export type EscalationOutcome = Traffic &
  (
    | { readonly kind: 'answered'; readonly answers: readonly Answer[] }
    /** The edge is out of reach or out of order; the same rows may succeed later. */
    | {
        readonly kind: 'unavailable' | 'unauthorised';
        readonly reason: string;
        readonly retryAfterMs: number;
      }
    /** The edge will never answer these rows. */
    | { readonly kind: 'refused'; readonly reason: string }
  );

export interface EdgeClientOptions {
  /** Base URL of the edge. */
  readonly url: string;
  readonly key: string;
  readonly timeoutMs: number;
}

export interface EdgeClient {
  /** Never throws for what the edge or the network does. @throws the signal's reason. */
  escalate(batch: EscalationBatch, signal: AbortSignal): Promise<EscalationOutcome>;
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

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

/** Seconds or an HTTP date (RFC 9110, section 10.2.3) to milliseconds from now. */
function retryAfterMs(response: Response): number {
  const header = response.headers.get('retry-after');
  if (header === null) return 0;
  const seconds = /^\d{1,9}$/.test(header)
    ? Number(header) * 1000
    : Date.parse(header) - Date.now();
  return Number.isFinite(seconds) ? Math.max(0, seconds) : 0;
}

/** Status and, where the edge sent a problem document, its stable code. */
function describe(status: number, body: Uint8Array): string {
  const problem = problemSchema.safeParse(parseJson(body));
  if (!problem.success) return `HTTP ${status}`;
  const { code, field } = problem.data;
  return `HTTP ${status} ${code}${field === undefined ? '' : ` (${field})`}`.slice(0, 200);
}

function judge(
  response: Response,
  body: Uint8Array | undefined,
  { rows, bundle }: EscalationBatch,
  traffic: Traffic,
): EscalationOutcome {
  const { status, ok } = response;
  const wait = { retryAfterMs: retryAfterMs(response), ...traffic };
  if (body === undefined) return { kind: 'unavailable', reason: 'answer too long', ...wait };
  if (ok) {
    const result = predictResponseSchema.safeParse(parseJson(body));
    const fits =
      result.success && result.data.bundle === bundle && result.data.answers.length === rows.count;
    if (fits) return { kind: 'answered', answers: result.data.answers, ...traffic };
    return { kind: 'unavailable', reason: `HTTP ${status} without a usable answer`, ...wait };
  }
  const reason = describe(status, body);
  if (UNAUTHORISED.includes(status)) return { kind: 'unauthorised', reason, ...wait };
  if (status >= 400 && status < 500 && !PASSING.includes(status)) {
    return { kind: 'refused', reason, ...traffic };
  }
  return { kind: 'unavailable', reason, ...wait };
}

/** A short name for what went wrong; a fetch error's message may carry the URL. */
function networkReason(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: unknown; message?: unknown } };
  if (name === 'TimeoutError') return 'timeout';
  return String(cause?.code ?? cause?.message ?? name).slice(0, 200);
}

/** A client for the edge's escalations. */
export function createEdgeClient({ url, key, timeoutMs }: EdgeClientOptions): EdgeClient {
  const target = new URL('v1/escalations', url.endsWith('/') ? url : `${url}/`);
  return {
    async escalate(batch, signal) {
      const { rows, bundle, model } = batch;
      const body = encodeQuantisedRows(rows, { bundle, model });
      // Named by content: a repeated batch is recognised even after a restart of the gateway.
      const idempotencyKey = await sha256Hex(body);
      const bytesUp = body.byteLength;
      try {
        const response = await fetch(target, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${key}`,
            'content-type': SAFETENSORS_MEDIA_TYPE,
            'idempotency-key': idempotencyKey,
          },
          body,
          // A redirect would carry the key to another place.
          redirect: 'error',
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        });
        const answer = await readBody(response);
        const bytesDown = answer?.byteLength ?? MAX_BODY_BYTES;
        return judge(response, answer, batch, { bytesUp, bytesDown });
      } catch (error) {
        signal.throwIfAborted();
        const reason = networkReason(error);
        return { kind: 'unavailable', reason, retryAfterMs: 0, bytesUp, bytesDown: 0 };
      }
    },
  };
}
