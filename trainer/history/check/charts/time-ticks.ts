// Which times an axis names, on the plant's own clock.
import { wallClock } from '@dandan/shared/policy';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const STEPS = [
  ...[1, 2, 5, 10, 30].map((count) => count * 1000),
  ...[1, 2, 5, 10, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  ...[1, 2, 7, 14, 28, 91, 182, 364].map((count) => count * DAY),
];

export interface TimeTick {
  readonly time: number;
  readonly text: string;
}

/** About `count` round times, each with as much of the date as changes between them. */
export function timeTicks(from: number, to: number, count: number, timeZone: string): TimeTick[] {
  const step = STEPS.find((each) => (to - from) / each <= count) ?? STEPS[STEPS.length - 1];
  const local = Date.parse(`${wallClock(timeZone, from).replace(' ', 'T')}Z`);
  // The offset of the begin is good enough for ticks: one of a day may be an hour off in winter.
  const offset = local - Math.floor(from / MINUTE) * MINUTE;
  const ticks: TimeTick[] = [];
  for (let at = Math.ceil((from + offset) / step) * step; at <= to + offset; at += step) {
    const text = new Date(at).toISOString();
    const day = text.slice(0, 10);
    const clock = text.slice(11, step < MINUTE ? 19 : 16);
    const isMidnight = at % DAY === 0;
    ticks.push({ time: at - offset, text: step >= DAY || isMidnight ? day : clock });
  }
  return ticks;
}
