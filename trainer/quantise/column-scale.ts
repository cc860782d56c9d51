// Where the values of a column lie and how far they spread: what the codes of dense rows stand for.
import { MAX_SCALE } from '@dandan/shared/bundle';

/**
 * `standard`: mean and standard deviation. `robust`: median and interquartile range, which a few
 * wild readings do not move.
 */
export const INPUT_SCALINGS = ['standard', 'robust'] as const;
export type InputScaling = (typeof INPUT_SCALINGS)[number];

/** Codes per unit of spread: ±4 deviations fit the 7 bits. */
export const CODES_PER_DEVIATION = 16;

/** Interquartile range of a normal distribution in standard deviations. */
const RANGE_OF_NORMAL = 1.3489795003921634;

export interface ColumnScale {
  /** What a missing value reads as. */
  readonly centre: number;
  /** A standard deviation, or what would be one if the column were normal. */
  readonly spread: number;
}

/** Values at `nodes`, missing ones (NaN) left out. */
function presentValues(
  values: Float32Array,
  width: number,
  nodes: Int32Array,
  column: number,
): Float64Array {
  const present = new Float64Array(nodes.length);
  let count = 0;
  for (const node of nodes) {
    const value = values[node * width + column];
    if (!Number.isNaN(value)) present[count++] = value;
  }
  return present.subarray(0, count);
}

/** Population deviation, in two passes. */
function momentsOf(present: Float64Array): ColumnScale {
  if (present.length === 0) return { centre: 0, spread: 0 };
  let sum = 0;
  for (const value of present) sum += value;
  const mean = sum / present.length;
  let squares = 0;
  for (const value of present) squares += (value - mean) ** 2;
  return { centre: mean, spread: Math.sqrt(squares / present.length) };
}

/** Between the two nearest, as numpy and R have it by default. */
function quantileOf(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

function quartilesOf(present: Float64Array): ColumnScale {
  if (present.length === 0) return { centre: 0, spread: 0 };
  const sorted = present.toSorted();
  const range = quantileOf(sorted, 0.75) - quantileOf(sorted, 0.25);
  // A valve that is shut three quarters of the time has no range; what it does still counts.
  const spread = range > 0 ? range / RANGE_OF_NORMAL : momentsOf(present).spread;
  return { centre: quantileOf(sorted, 0.5), spread };
}

/**
 * Centre and spread of every column over `nodes`, missing values left out; the spread of a constant
 * column is 1.
 */
export function columnScales(
  values: Float32Array,
  width: number,
  nodes: Int32Array,
  scaling: InputScaling = 'standard',
): ColumnScale[] {
  const scaleOf = scaling === 'robust' ? quartilesOf : momentsOf;
  return Array.from({ length: width }, (_, column) => {
    const { centre, spread } = scaleOf(presentValues(values, width, nodes, column));
    // A constant column carries nothing; spread 1 keeps its codes at the zero point.
    return { centre, spread: CODES_PER_DEVIATION / spread <= MAX_SCALE ? spread : 1 };
  });
}
