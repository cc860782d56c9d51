// Which answers are checked by the full cascade: a share of all, drawn by a hash of node and time, so
// that gateway, edge and a later reader draw the same without telling each other.
import { createRandom } from '../../random/index.ts';

/** Share of nodes checked by default: enough for an alarm within days, 1 % of the cost of never stopping early. */
export const AUDIT_SHARE = 0.01;

export interface AuditSampleOptions {
  /** What is told apart from run to run of the same asset: its name. */
  readonly node: string;
  /** Milliseconds since 1970 of the row. */
  readonly time: number;
  /** 0..1. @default {AUDIT_SHARE} */
  readonly share?: number;
  /** Another value draws another sample: the bundle's hash, so that a new bundle is not judged on the old one's nodes. */
  readonly salt: string;
}

/**
 * Whether an answer is audited. It depends on neither the row nor the confidence: the audited are a
 * fair sample of all.
 *
 * @throws {RangeError} when `share` is not from 0 to 1.
 */
export function isAudited({ node, time, share = AUDIT_SHARE, salt }: AuditSampleOptions): boolean {
  if (!(share >= 0 && share <= 1)) {
    throw new RangeError(`Cannot audit a share of ${share}: it must be from 0 to 1`);
  }
  return createRandom(0).fork(`${salt} ${time} ${node}`).next() < share;
}
