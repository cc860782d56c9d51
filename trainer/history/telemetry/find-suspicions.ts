// Values that look like a mistake of the logger or of a unit. They are told, not removed.
import type { Series, Telemetry } from '@dandan/shared/telemetry-table';
import { stretchOf } from './find-gaps.ts';
import { findUnitMistakes } from './find-unit-mistakes.ts';
import type { Suspicion } from './summary.ts';

/** What loggers and fieldbuses write for "no value". */
const SENTINELS: ReadonlySet<number> = new Set([
  -1, -99, -999, -9999, -99999, -999.25, -32768, -2147483648, 999, 9999, 99999, 999999, 32767,
  65535, 2147483647, 4294967295,
]);

/** How far from all other values it lies, in ranges of the middle 98 % of them. */
const FAR = 5;

export interface SuspicionOptions {
  readonly telemetry: Telemetry;
  readonly series: readonly Series[];
  /** Of all series, ascending. */
  readonly values: Float64Array;
  readonly unit: string;
}

/** The range of the middle 98 % of values[from..to). */
function middleRange(values: Float64Array, from: number, to: number): number {
  const margin = Math.floor(0.01 * (to - from));
  return values[to - 1 - margin] - values[from + margin];
}

/** How often `value` stands at the start (`step` 1) or end (−1) of the ascending values. */
function countAtEnd(values: Float64Array, step: 1 | -1): number {
  let count = 0;
  let at = step === 1 ? 0 : values.length - 1;
  const value = values[at];
  for (; values[at] === value; at += step) count++;
  return count;
}

function findSentinel(options: SuspicionOptions, step: 1 | -1): Suspicion | undefined {
  const { telemetry, series, values } = options;
  const value = step === 1 ? values[0] : values[values.length - 1];
  if (!SENTINELS.has(value)) return undefined;
  const count = countAtEnd(values, step);
  if (2 * count >= values.length) return undefined;
  const [from, to] = step === 1 ? [count, values.length] : [0, values.length - count];
  const gap = step === 1 ? values[from] - value : value - values[to - 1];
  if (gap <= FAR * middleRange(values, from, to)) return undefined;
  const holder = series.find((each) => each.values.includes(value));
  if (holder === undefined) return undefined;
  const at = holder.values.indexOf(value);
  let end = at;
  while (holder.values[end + 1] === value) end++;
  const first = stretchOf(telemetry, holder, holder.times[at], holder.times[end]);
  return { kind: 'sentinel', value, count, first };
}

export function findSuspicions(options: SuspicionOptions): Suspicion[] {
  if (options.values.length === 0) return [];
  const low = findSentinel(options, 1);
  const high = findSentinel(options, -1);
  return [low, high, ...findUnitMistakes(options)].filter((each) => each !== undefined);
}
