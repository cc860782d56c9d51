// Cells of a time column, as milliseconds since the epoch.
import type { Cell } from '../cell.ts';
import type { DateOrder, TimeUnit } from '../layout.ts';
import { readDateText } from './date-text.ts';
import { createLocalClock, type TimeStream } from './local-clock.ts';

export interface TimeReaderOptions {
  readonly unit: TimeUnit;
  /** Of times without an offset. */
  readonly timeZone: string;
  /** Of dates as 05/01/2026. */
  readonly dateOrder?: DateOrder | undefined;
  /** The column counts samples: time of sample 0 and between two, milliseconds. */
  readonly counter?: { readonly startTime: number; readonly everyMs: number } | undefined;
  /** Dates of a typed table show a wall clock. @default {false: they are instants} */
  readonly wallClock?: boolean;
}

export interface TimeReader {
  /** The time in a cell, for the reading that is next in `stream`; `undefined` where it holds none. */
  read(cell: Cell, stream: TimeStream): number | undefined;
  /** What the cell that was refused last should have held. */
  readonly allowed: string;
  /** Whether a time without an offset was read. */
  readonly usedZone: boolean;
  /** How dates as 05/01/2026 were read. */
  readonly usedOrder: DateOrder | undefined;
  readonly secondTimes: number;
}

/** What a Date can hold. */
const MAX_TIME_MS = 8.64e15;

const PER_MS = { s: 0.001, ms: 1, us: 1000, ns: 1_000_000 } as const;

const DIGITS = /^\d{1,19}(?:\.\d{1,9})?$/;

/** 20260105 and 20260105060000 are dates: as numbers they would be in 1970 or after 2600. */
const COMPACT_DATE = /^(?:19|20)\d{6}(?:\d{6}(?:\.\d{1,9})?)?$/;

/** Numbers from 1973 on are told apart by their size; earlier ones need a unit. */
function guess(value: number): keyof typeof PER_MS {
  const size = Math.abs(value);
  if (size >= 1e17) return 'ns';
  if (size >= 1e14) return 'us';
  return size >= 1e11 ? 'ms' : 's';
}

function inRange(time: number): number | undefined {
  return time >= 0 && time <= MAX_TIME_MS ? time : undefined;
}

/** @throws {RangeError} for no time zone. */
export function createTimeReader(options: TimeReaderOptions): TimeReader {
  const { unit, timeZone, dateOrder, counter, wallClock = false } = options;
  const clock = createLocalClock(timeZone);
  const words =
    unit === 'auto' || unit === 'iso'
      ? `a date and time, in ${timeZone} unless it has an offset${unit === 'auto' ? ', or a number in the time unit' : ''}`
      : `a number of ${unit} since 1970`;
  let allowed = words;
  let usedZone = false;
  let usedOrder: DateOrder | undefined;

  function refuse(why: string): undefined {
    allowed = why;
    return undefined;
  }

  function fromNumber(value: number): number | undefined {
    if (unit === 'iso') return refuse(words);
    return inRange(value / PER_MS[unit === 'auto' ? guess(value) : unit]) ?? refuse(words);
  }

  function fromCounter(cell: Cell, { startTime, everyMs }: { startTime: number; everyMs: number }) {
    const text = typeof cell === 'string' ? cell.trim() : String(cell);
    const sample = /^\d+(?:\.0*)?$/.test(text) ? Number(text) : Number.NaN;
    return (
      inRange(startTime + sample * everyMs) ?? refuse('a whole number of samples since the start')
    );
  }

  function fromLocal(local: number, stream: TimeStream): number | undefined {
    usedZone = true;
    const time = clock.instant(local, stream);
    if (time === undefined) {
      return refuse(`a time that exists in ${timeZone}: clocks were set forward over this one`);
    }
    return inRange(time) ?? refuse('a time from 1970 on');
  }

  function fromText(text: string, stream: TimeStream): number | undefined {
    if (DIGITS.test(text) && !(unit === 'auto' && COMPACT_DATE.test(text))) {
      return fromNumber(Number(text));
    }
    if (unit !== 'auto' && unit !== 'iso') return refuse(words);
    const written = readDateText(text, dateOrder);
    if (written === undefined) return refuse(words);
    if (written === 'either') {
      return refuse('dateOrder: day-month or month-day, as nothing in the files decides');
    }
    usedOrder ??= written.order;
    if (written.offsetMs === undefined) return fromLocal(written.local, stream);
    return inRange(written.local - written.offsetMs) ?? refuse('a time from 1970 on');
  }

  return {
    get allowed() {
      return allowed;
    },
    get usedZone() {
      return usedZone;
    },
    get usedOrder() {
      return usedOrder;
    },
    get secondTimes() {
      return clock.secondTimes;
    },
    read(cell, stream) {
      if (counter !== undefined) return fromCounter(cell, counter);
      if (typeof cell === 'string') return fromText(cell.trim(), stream);
      if (typeof cell === 'number' || typeof cell === 'bigint') return fromNumber(Number(cell));
      if (!(cell instanceof Date)) return refuse(words);
      const time = cell.getTime();
      return wallClock ? fromLocal(time, stream) : (inRange(time) ?? refuse(words));
    },
  };
}
