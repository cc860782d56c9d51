// Times as people of a plant write them: the wall clock of its time zone.

const HOUR_MS = 3_600_000;

/** Zones change their offset on the full hour or at 00:01 at the earliest: an hour has one. */
const KEPT_MS = HOUR_MS;

export interface LocalTimes {
  /** `2026-01-05 15:00`, as in a sheet; the offset is left to who reads it. */
  minute(time: number): string;
  /** `2026-01-05T15:00:30+09:00`. */
  iso(time: number): string;
}

/**
 * @param timeZone an IANA time zone.
 * @throws {RangeError} for another.
 */
export function createLocalTimes(timeZone: string): LocalTimes {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const offsets = new Map<number, number>();

  /** Milliseconds that the clock is ahead of UTC. */
  function offsetAt(time: number): number {
    const hour = Math.floor(time / KEPT_MS);
    const known = offsets.get(hour);
    if (known !== undefined) return known;
    const { value = 'GMT' } =
      format.formatToParts(hour * KEPT_MS).find(({ type }) => type === 'timeZoneName') ?? {};
    const [, sign = '+', hours = '0', minutes = '0'] = /^GMT([+-])(\d\d):(\d\d)/.exec(value) ?? [];
    const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
    offsets.set(hour, offset);
    return offset;
  }

  const local = (time: number) => new Date(time + offsetAt(time)).toISOString();
  const two = (value: number) => String(value).padStart(2, '0');

  function offsetText(time: number): string {
    const minutes = offsetAt(time) / 60_000;
    const size = Math.abs(minutes);
    return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
  }

  return {
    minute: (time) => local(time).slice(0, 16).replace('T', ' '),
    iso: (time) => `${local(time).slice(0, 19)}${offsetText(time)}`,
  };
}
