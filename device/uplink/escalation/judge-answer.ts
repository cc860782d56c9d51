// What the edge's answer means for the rows in a request, by whatever way it came.
import { predictResponseSchema, problemSchema } from '@dandan/shared/wire';
import type { EscalationBatch, EscalationOutcome } from './edge-link.ts';

/** 4xx that pass by themselves: Request Timeout and Too Many Requests. */
const PASSING = [408, 429];

/** The gateway's key is wrong, not its rows: they wait until a person has corrected it. */
const UNAUTHORISED = [401, 403];

export interface EdgeAnswer {
  /** HTTP status. */
  readonly status: number;
  readonly retryAfterMs: number;
  /** `undefined`: longer than any answer. */
  readonly body: Uint8Array | undefined;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

/** Status and, where the edge sent a problem document, its stable code. */
function describe(status: number, body: Uint8Array): string {
  const problem = problemSchema.safeParse(parseJson(body));
  if (!problem.success) return `HTTP ${status}`;
  const { code, field } = problem.data;
  return `HTTP ${status} ${code}${field === undefined ? '' : ` (${field})`}`.slice(0, 200);
}

/** Judges an answer; it is used only where it is about this batch, row by row. */
export function judgeAnswer(
  { rows, bundle }: EscalationBatch,
  { status, retryAfterMs, body, bytesUp, bytesDown }: EdgeAnswer,
): EscalationOutcome {
  const traffic = { bytesUp, bytesDown };
  const wait = { retryAfterMs, status, ...traffic };
  if (body === undefined) return { kind: 'unavailable', reason: 'answer too long', ...wait };
  if (status >= 200 && status < 300) {
    const result = predictResponseSchema.safeParse(parseJson(body));
    const fits =
      result.success && result.data.bundle === bundle && result.data.answers.length === rows.count;
    if (fits) return { kind: 'answered', answers: result.data.answers, ...traffic };
    return { kind: 'unavailable', reason: `HTTP ${status} without a usable answer`, ...wait };
  }
  const reason = describe(status, body);
  if (UNAUTHORISED.includes(status)) return { kind: 'unauthorised', reason, ...wait };
  if (status >= 400 && status < 500 && !PASSING.includes(status)) {
    return { kind: 'refused', reason, status, ...traffic };
  }
  return { kind: 'unavailable', reason, ...wait };
}

/** Seconds or an HTTP date (RFC 9110, section 10.2.3) to milliseconds from now; 0 for neither. */
export function parseRetryAfter(text: string | null | undefined, now: number): number {
  if (text === null || text === undefined) return 0;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
