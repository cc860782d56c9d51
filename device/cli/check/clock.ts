// Whether this machine's clock can be trusted: rows are cut by time, keys and certificates end.
import { CheckFailure, type Finding } from '../check-failure.ts';

/** This program is not older; a clock without a battery starts in 1970. */
const FIRST_YEAR = 2026;
const LAST_YEAR = 2100;

/** `Date` has whole seconds, and the answer was under way. */
const WARN_MS = 3000;

/** A minute moves samples into other rows than their neighbours', and edges refuse late requests. */
const FAIL_MS = 60_000;

const SET_CLOCK = 'let NTP set the clock: timedatectl set-ntp true, or a server of the plant';

export interface ClockCheckOptions {
  /** `Date` of the edge's answer; `null` where it has none or there was no answer. */
  readonly date: string | null;
  /** Milliseconds since the epoch when the request left. */
  readonly askedAt: number;
  /** Milliseconds since the epoch when the answer came. */
  readonly answeredAt: number;
}

/** @throws {CheckFailure} */
export function judgeClock({ date, askedAt, answeredAt }: ClockCheckOptions): Finding {
  const here = new Date(answeredAt);
  const year = here.getUTCFullYear();
  if (year < FIRST_YEAR || year > LAST_YEAR) {
    throw new CheckFailure(`this machine is in the year ${year}`, SET_CLOCK);
  }
  const edge = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(edge)) {
    return { detail: `${here.toISOString().slice(0, 19)}Z; no edge answered to compare it with` };
  }
  // The edge read its clock somewhere between; its second may be almost over.
  const ahead = askedAt - (edge + 1000);
  const behind = edge - answeredAt;
  const offMs = Math.max(0, ahead, behind);
  const words = `${(offMs / 1000).toFixed(1)} s ${ahead > behind ? 'ahead of' : 'behind'} the edge`;
  if (offMs >= FAIL_MS) throw new CheckFailure(words, SET_CLOCK);
  if (offMs >= WARN_MS) return { detail: words, warning: SET_CLOCK };
  return { detail: 'agrees with the edge within a second or two' };
}
