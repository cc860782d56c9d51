// Which features moved an answer: integrated gradients (Sundararajan et al. 2017) from the row in
// which nothing stands out.
import type { Bundle } from '../bundle/bundle.ts';
import type { QuantisedRows } from '../kernel/index.ts';
import { createRelaxedCascade } from './relaxed-cascade.ts';

export interface FeatureContribution {
  /** Column of the row. */
  readonly column: number;
  readonly code: number;
  /** What the column added to the probability of the answer. */
  readonly contribution: number;
}

export interface Explanation {
  /** Probability of the answer in the row, and in the baseline, 0..1. */
  readonly probability: number;
  readonly baseline: number;
  /** Every column that differs from the baseline, largest contribution first. */
  readonly contributions: readonly FeatureContribution[];
  /** |probability − baseline − Σ contributions|: what the sum over steps has missed. */
  readonly residual: number;
  readonly steps: number;
}

export interface ExplainRowOptions {
  readonly bundle: Bundle;
  readonly rows: QuantisedRows;
  /** Position of the row. */
  readonly row: number;
  /** Class whose probability is explained. */
  readonly answer: number;
  /** Stages that the answer took. */
  readonly stages: number;
}

/** Contributions that miss less than this of a probability are as good as exact to a reader. */
export const MAX_RESIDUAL = 0.001;

const FIRST_STEPS = 32;
/** Twice as many steps quarter what is missed; where this is not enough, the residual says so. */
const MOST_STEPS = 1024;

/** Columns of a row that differ from the baseline: the mean of dense features, the empty sparse row. */
function differing({ input }: Bundle, rows: QuantisedRows, row: number) {
  if (rows.kind === 'sparse') {
    const { offsets, indices, codes } = rows;
    const [begin, end] = [offsets[row], offsets[row + 1]];
    return {
      columns: indices.slice(begin, end),
      codes: Float64Array.from(codes.subarray(begin, end)),
      from: new Float64Array(end - begin),
    };
  }
  const { width, codes } = rows;
  return {
    columns: Int32Array.from({ length: width }, (_, j) => j),
    codes: Float64Array.from(codes.subarray(row * width, (row + 1) * width)),
    from: new Float64Array(width).fill(input.zeroPoint),
  };
}

/**
 * Explains one answer. The path integral is taken with twice the steps until what is missed is
 * below {@linkcode MAX_RESIDUAL}. It follows the cascade without its rounding to codes, so the
 * probability may differ from the answer's confidence in the third decimal.
 */
export function explainRow({ bundle, rows, row, answer, stages }: ExplainRowOptions): Explanation {
  const cascade = createRelaxedCascade(bundle);
  const { columns, codes, from } = differing(bundle, rows, row);
  const gradient = new Float64Array(columns.length);
  const at = (point: Float64Array) =>
    cascade.probability({ columns, codes: point, answer, stages, gradient });
  const probability = at(codes);
  const baseline = at(from);
  for (let steps = FIRST_STEPS; ; steps *= 2) {
    const sums = new Float64Array(columns.length);
    for (let step = 0; step < steps; step++) {
      // Midpoints: the ends of the path, where the answer is flat, count no more than the rest.
      const share = (step + 0.5) / steps;
      at(from.map((start, j) => start + share * (codes[j] - start)));
      for (let j = 0; j < sums.length; j++) sums[j] += gradient[j] / steps;
    }
    const values = sums.map((sum, j) => sum * (codes[j] - from[j]));
    const moved = values.reduce((sum, value) => sum + value, 0);
    const residual = Math.abs(probability - baseline - moved);
    if (residual > MAX_RESIDUAL && steps < MOST_STEPS) continue;
    const contributions = Array.from(columns, (column, j) => ({
      column,
      code: codes[j],
      contribution: values[j],
    }))
      .filter((_, j) => codes[j] !== from[j])
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || a.column - b.column);
    return { probability, baseline, contributions, residual, steps };
  }
}
