// Offsets of IANA time zones from the platform's own tables, so that no library carries them.

/** Milliseconds. */
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

/** Minutes of a wall-clock day. */
export const DAY_MINUTES = 24 * 60;

/** Names of the data base begin with a letter; engines also take offsets such as `+09:00`. */
const NAME = /^[A-Za-z][\w+\-/]*$/;

const FIELDS = /(\d+)\/(\d+)\/(\d+), (\d+):(\d+):(\d+)/;

/** Whether the platform knows an IANA time zone of this name. */
export function isTimeZone(name: string): boolean {
  if (!NAME.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds to add to an instant to read the wall clock as if it were UTC. */
export type OffsetAt = (at: number) => number;

/**
 * The offsets of a time zone, for instants of the common era. A call takes some 3 µs.
 *
 * @throws {RangeError} for no time zone.
 */
export function createOffsets(timeZone: string): OffsetAt {
  const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (at) => {
    const fields = FIELDS.exec(format.format(at));
    if (fields === null) throw new RangeError(`Intl gives no date for ${at} in ${timeZone}`);
    const [, month, day, year, hour, minute, second] = fields.map(Number);
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
  };
}

/**
 * First instant after `from` at which the offset is no longer `offset`, given that it is another
 * one at `to`. Between 2000 and 2040 no zone changes twice within a week.
 */
export function findTransition(
  offsetAt: OffsetAt,
  { from, to, offset }: { readonly from: number; readonly to: number; readonly offset: number },
): number {
  let [before, after] = [from, to];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle) === offset) before = middle;
    else after = middle;
  }
  return after;
}

/** `2026-11-26` of a day counted from 1970-01-01. */
export function dateOf(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** Days from 1970-01-01 to a date. */
export function dayOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY;
}

/** `2026-11-26 22:00`: the wall clock of a time zone. */
export function wallClock(timeZone: string, at: number): string {
  const local = new Date(at + createOffsets(timeZone)(at));
  return local.toISOString().slice(0, 16).replace('T', ' ');
}
