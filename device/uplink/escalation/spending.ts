// What was sent to the edge in the last minute and on this day, by a clock that may be wrong.
import { wallClock } from '@dandan/shared/policy';

export interface Amount {
  readonly rows: number;
  readonly bytes: number;
}

/** Plain data, as kept on disk. */
export interface Spending {
  readonly day: Amount & {
    /** Local date, `2026-11-26`. */
    readonly date: string;
    /** How long the gateway has run on this day's budget, milliseconds. */
    readonly ranMs: number;
  };
  /** Per second of the wall clock, oldest first; at most one minute of them. */
  readonly seconds: readonly (Amount & { readonly at: number })[];
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

const localDate = (timeZone: string, now: number) => wallClock(timeZone, now).slice(0, 10);

/**
 * What holds now. A new day begins when the local date is later than the known one. Where it
 * is earlier, the clock was set back, or runs right again after it was ahead: then a day
 * begins once the gateway has run for 24 hours on the known one. So no setting of the clock
 * gives one date's budget twice, and a wrong year does not take it away for a year.
 *
 * @param ranMs how long the gateway has run since `spending` was brought up to date.
 */
export function bringUpToDate(
  spending: Spending | undefined,
  { now, ranMs, timeZone }: { now: number; ranMs: number; timeZone: string },
): Spending {
  const date = localDate(timeZone, now);
  const fresh = { date, ranMs: 0, rows: 0, bytes: 0 };
  if (spending === undefined) return { day: fresh, seconds: [] };
  const known = { ...spending.day, ranMs: spending.day.ranMs + ranMs };
  const over = date > known.date || (date < known.date && known.ranMs >= DAY);
  const seconds = spending.seconds
    // A second from the future tells of a clock that was ahead: it counts as this one.
    .map((second) => (second.at > now ? { ...second, at: now } : second))
    .filter(({ at }) => at > now - MINUTE - SECOND);
  return { day: over ? fresh : known, seconds };
}

/** With `amount` more; negative to give back. */
export function spend(spending: Spending, amount: Amount, now: number): Spending {
  const { day, seconds } = spending;
  const plus = <T extends Amount>(to: T): T => ({
    ...to,
    rows: to.rows + amount.rows,
    bytes: to.bytes + amount.bytes,
  });
  const at = Math.floor(now / SECOND) * SECOND;
  const last = seconds.at(-1);
  const rest = last?.at === at ? seconds.slice(0, -1) : seconds;
  const current = last?.at === at ? last : { at, rows: 0, bytes: 0 };
  return { day: plus(day), seconds: [...rest, plus(current)] };
}

/** Spent within the last minute. */
export function minuteOf({ seconds }: Spending): Amount {
  return {
    rows: seconds.reduce((sum, { rows }) => sum + rows, 0),
    bytes: seconds.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Milliseconds until the oldest second leaves the minute; a second where there is none. */
export function untilRelief({ seconds }: Spending, now: number): number {
  const [oldest] = seconds;
  return oldest === undefined ? SECOND : Math.max(1, oldest.at + MINUTE + SECOND - now);
}
