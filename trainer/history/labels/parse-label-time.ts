// Times of label sheets: with an offset, or of the plant's own clocks.
import { wallClock } from '@dandan/shared/policy';

export const LABEL_TIME_WORDS =
  'a date with a time, e.g. 2026-04-01 08:30 or 2026-04-01T08:30:00+09:00';

export type LabelTime =
  | { readonly kind: 'read'; readonly time: number }
  | { readonly kind: 'refused'; readonly allowed: string };

/** Spreadsheets in Japan write 2026/4/1 8:30. */
const WRITTEN =
  /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ]+(\d{1,2}):(\d\d)(?::(\d\d(?:\.\d{1,3})?))?)?\s*(Z|[+-]\d\d:\d\d)?$/;
const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;

function offsetMs(text: string): number {
  if (text === 'Z') return 0;
  const ms = (60 * Number(text.slice(1, 3)) + Number(text.slice(4))) * MINUTE_MS;
  return text.startsWith('-') ? -ms : ms;
}

/** Milliseconds since the epoch, of a cell that is not empty. */
export function parseLabelTime(cell: unknown, timeZone: string): LabelTime {
  const refused = { kind: 'refused', allowed: LABEL_TIME_WORDS } as const;
  if (cell instanceof Date) return { kind: 'read', time: cell.getTime() };
  const match = WRITTEN.exec(String(cell).trim());
  if (match === null) return refused;
  const [, year, , month, day, hour, minute = '00', second = '00', offset] = match;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const local = Date.parse(`${date}T${(hour ?? '00').padStart(2, '0')}:${minute}:${second}Z`);
  // 31 April is 1 May to some engines.
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(date)) return refused;
  if (offset !== undefined) {
    if (hour === undefined) return refused;
    return { kind: 'read', time: local - offsetMs(offset) };
  }
  const offsetAt = (at: number) =>
    Date.parse(`${wallClock(timeZone, at).replace(' ', 'T')}Z`) -
    Math.floor(at / MINUTE_MS) * MINUTE_MS;
  // Where the clock was set back, the first of the two.
  const [time] = [offsetAt(local - DAY_MS), offsetAt(local + DAY_MS)]
    .map((shift) => local - shift)
    .filter((at) => at + offsetAt(at) === local)
    .sort((a, b) => a - b);
  return time === undefined
    ? { kind: 'refused', allowed: `a time that the clocks of ${timeZone} show` }
    : { kind: 'read', time };
}
