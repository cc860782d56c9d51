// Dates and times as people and loggers write them, as fields: what they show, not yet when it was.
import type { DateOrder } from '../layout.ts';

/** What a wall clock shows, and the offset that stands beside it. */
export interface WrittenTime {
  /** Milliseconds since the epoch if the clock were UTC. */
  readonly local: number;
  /** `undefined` where the text states none. */
  readonly offsetMs: number | undefined;
  /** Of a date as 05/01/2026: how it was read. */
  readonly order?: DateOrder;
}

const MINUTE = 60_000;

/** 2026-01-05, 2026/1/5, 2026.01.05; the rest is the time of day. */
const YEAR_FIRST = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d])(.*)$/;
/** 05.01.2026, 5/1/2026, 05-01-2026. */
const YEAR_LAST = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?![\d])(.*)$/;
/** 05-Jan-2026, 5 January 26: what PI and its like write. */
const MONTH_NAME = /^(\d{1,2})[-/ ]([A-Za-z]{3})[a-z]*\.?[-/ ](\d{4}|\d\d)(?![\d])(.*)$/;
/** 20260105, 20260105T060000, 20260105060000.250. */
const COMPACT = /^((?:19|20)\d\d)(\d\d)(\d\d)(?:[Tt ]?(\d\d)(\d\d)(\d\d)?((?:[.,]\d{1,9})?.*))?$/;
const CLOCK =
  /^(?:[Tt ,]\s*)(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(?:([AaPp])\.?[Mm]\.?)?\s*(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?$/;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** 2026年1月5日 6時00分00秒 with the signs of the other forms. */
function withoutKanji(text: string): string {
  if (!text.includes('\u5e74')) return text;
  return text
    .replace(/[\u5e74\u6708]/g, '/')
    .replace(/\u65e5\s*/, ' ')
    .replace(/[\u6642\u5206]/g, ':')
    .replace(/\u79d2/, '')
    .replace(/:$/, '')
    .trim();
}

function offsetOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[+-]/.test(text)) return 0;
  const digits = text.replace(/\D/g, '').padEnd(4, '0');
  const minutes = 60 * Number(digits.slice(0, 2)) + Number(digits.slice(2));
  return (text[0] === '-' ? -minutes : minutes) * MINUTE;
}

function dayTime(year: number, month: number, day: number): number | undefined {
  const time = Date.UTC(year, month - 1, day);
  const date = new Date(time);
  // 30 February is 2 March to Date.
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? time : undefined;
}

/** The day with its time of day, '' for midnight. */
function withClock(day: number | undefined, rest: string): WrittenTime | undefined {
  if (day === undefined) return undefined;
  if (rest.trim() === '') return { local: day, offsetMs: undefined };
  const match = CLOCK.exec(rest);
  if (match === null) return undefined;
  const [, hours, minutes, seconds = '0', fraction = '', half, offset] = match;
  let hour = Number(hours);
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
  }
  const [minute, second] = [Number(minutes), Number(seconds)];
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  // 24:00 is the end of the day.
  const end = hour === 24 && minute === 0 && second === 0 && ms === 0;
  if ((hour > 23 && !end) || minute > 59 || second > 59) return undefined;
  const local = day + ((hour * 60 + minute) * 60 + second) * 1000 + ms;
  return { local, offsetMs: offsetOf(offset) };
}

/** Dots part day and month in this order wherever they are written; other signs do not say. */
function orderOf(sign: string, first: number, second: number): DateOrder | 'either' | undefined {
  if (first > 12) return second > 12 ? undefined : 'day-month';
  if (second > 12) return 'month-day';
  return sign === '.' ? 'day-month' : 'either';
}

/**
 * Whether a text such as 05/01/2026 shows which of its numbers is the month.
 *
 * @returns `undefined` for a text of another form.
 */
export function dateOrderOf(text: string): DateOrder | 'either' | undefined {
  const match = YEAR_LAST.exec(text.trim());
  return match === null ? undefined : orderOf(match[2], Number(match[1]), Number(match[3]));
}

/**
 * What a text shows. `order` reads 05/01/2026; without it only a text that shows its order is read.
 *
 * @returns `undefined` where it is no time, or `either` where its order is not known.
 */
export function readDateText(
  given: string,
  order: DateOrder | undefined,
): WrittenTime | 'either' | undefined {
  const text = withoutKanji(given);
  const iso = YEAR_FIRST.exec(text);
  if (iso !== null) return withClock(dayTime(+iso[1], +iso[3], +iso[4]), iso[5]);
  const last = YEAR_LAST.exec(text);
  if (last !== null) {
    const [, first, sign, second, year, rest] = last;
    const shown = orderOf(sign, +first, +second);
    const read = order ?? shown;
    if (read === 'either') return 'either';
    const monthFirst = read === 'month-day';
    const day = dayTime(+year, monthFirst ? +first : +second, monthFirst ? +second : +first);
    const time = withClock(day, rest);
    return time === undefined || read === undefined ? undefined : { ...time, order: read };
  }
  const named = MONTH_NAME.exec(text);
  if (named !== null) {
    const month = MONTHS.indexOf(named[2].toLowerCase()) + 1;
    const year = named[3].length === 2 ? 2000 + Number(named[3]) : Number(named[3]);
    return month === 0 ? undefined : withClock(dayTime(year, month, +named[1]), named[4]);
  }
  const compact = COMPACT.exec(text);
  if (compact === null) return undefined;
  const [, year, month, day, hours, minutes, seconds = '00', rest = ''] = compact;
  const clock = hours === undefined ? '' : `T${hours}:${minutes}:${seconds}${rest}`;
  return withClock(dayTime(+year, +month, +day), clock);
}
