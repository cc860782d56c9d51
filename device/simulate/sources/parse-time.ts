// Times of tables in the wild, as milliseconds since the epoch.

export const TIME_UNITS = ['auto', 'iso', 's', 'ms', 'us', 'ns'] as const;

export type TimeUnit = (typeof TIME_UNITS)[number];

/** What a Date can hold. */
const MAX_TIME_MS = 8.64e15;

/** 2026-01-05, 2026-01-05T06:00, 2026-01-05 06:00:00.123Z, …+09:00. */
const ISO =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)\s?(Z|[+-]\d\d:?\d\d)?)?$/i;

const PER_MS = { s: 0.001, ms: 1, us: 1000, ns: 1_000_000 } as const;

/** Numbers from 1973 on are told apart by their size; earlier ones need a unit. */
function guess(value: number): keyof typeof PER_MS {
  const size = Math.abs(value);
  if (size >= 1e17) return 'ns';
  if (size >= 1e14) return 'us';
  return size >= 1e11 ? 'ms' : 's';
}

function parseIso(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [, date, clock = '00:00', zone = 'Z'] = match;
  const offset = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
  const time = Date.parse(`${date}T${clock.replace(',', '.')}${offset.toUpperCase()}`);
  return Number.isNaN(time) ? undefined : time;
}

function fromNumber(value: number, unit: TimeUnit): number | undefined {
  if (unit === 'iso') return undefined;
  const time = value / PER_MS[unit === 'auto' ? guess(value) : unit];
  return time >= 0 && time <= MAX_TIME_MS ? time : undefined;
}

/** What a cell of a time column may hold, in words. */
export const TIME_WORDS = 'ISO 8601 (UTC unless it has an offset), or a number in the time unit';

/**
 * Milliseconds since the epoch; `undefined` where the cell holds no time in that unit. `auto`
 * takes ISO 8601 and numbers of seconds, milli-, micro- or nanoseconds.
 */
export function parseTime(cell: unknown, unit: TimeUnit): number | undefined {
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? undefined : cell.getTime();
  if (typeof cell === 'number' || typeof cell === 'bigint') return fromNumber(Number(cell), unit);
  if (typeof cell !== 'string') return undefined;
  const text = cell.trim();
  if (/^\d{1,19}(\.\d{1,9})?$/.test(text)) return fromNumber(Number(text), unit);
  return unit === 'auto' || unit === 'iso' ? parseIso(text) : undefined;
}
