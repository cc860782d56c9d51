// What a bridge answers: the edge's status and body, or a problem of its own in the edge's form.
import { PROBLEM_MEDIA_TYPE, type Problem } from '@dandan/shared/wire';

export interface Reply {
  /** HTTP status, which says to the gateway what it says over HTTPS. */
  readonly status: number;
  readonly contentType: string;
  readonly retryAfter?: string | undefined;
  readonly body: Uint8Array;
}

/** Stable reasons of the bridge itself. */
export type BridgeProblem =
  | 'gateway-not-served'
  | 'seal-invalid'
  | 'media-type-unsupported'
  | 'request-too-large'
  | 'correlation-mismatch'
  | 'rate-limited'
  | 'bridge-busy'
  | 'bridge-stopping'
  | 'edge-unreachable'
  | 'edge-timeout'
  | 'edge-answer-too-large';

/**
 * Status by reason. 403 keeps the gateway's rows and alerts a person; 413 makes it send
 * fewer; 422 buries rows; 429 and 5xx make it come back later.
 */
const STATUS: Readonly<Record<BridgeProblem, number>> = {
  'gateway-not-served': 403,
  'seal-invalid': 403,
  'media-type-unsupported': 415,
  'request-too-large': 413,
  'correlation-mismatch': 400,
  'rate-limited': 429,
  'bridge-busy': 503,
  'bridge-stopping': 503,
  'edge-unreachable': 503,
  'edge-timeout': 504,
  'edge-answer-too-large': 502,
};

export function problemReply(code: BridgeProblem, retryAfterMs?: number): Reply {
  const status = STATUS[code];
  const problem: Problem = { type: 'about:blank', title: code, status, detail: code, code };
  return {
    status,
    contentType: PROBLEM_MEDIA_TYPE,
    retryAfter: retryAfterMs === undefined ? undefined : String(Math.ceil(retryAfterMs / 1000)),
    body: new TextEncoder().encode(JSON.stringify(problem)),
  };
}
