// Times as people of a plant write them: the wall clock of its time zone.
import { createOffsets, MINUTE } from '@dandan/shared/time-zone';

export interface LocalTimes {
  /** `2026-01-05 15:00`, as in a sheet; the offset is left to who reads it. */
  minute(time: number): string;
  /** `2026-01-05T15:00:30+09:00`. */
  iso(time: number): string;
}

const two = (value: number) => String(value).padStart(2, '0');

function offsetText(offset: number): string {
  const minutes = offset / MINUTE;
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/**
 * @param timeZone an IANA time zone.
 * @throws {RangeError} for another.
 */
export function createLocalTimes(timeZone: string): LocalTimes {
  const offsetAt = createOffsets(timeZone);
  const local = (time: number, offset: number) => new Date(time + offset).toISOString();
  return {
    minute: (time) => local(time, offsetAt(time)).slice(0, 16).replace('T', ' '),
    iso(time) {
      const offset = offsetAt(time);
      return `${local(time, offset).slice(0, 19)}${offsetText(offset)}`;
    },
  };
}
