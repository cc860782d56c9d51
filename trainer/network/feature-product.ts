// X · W for node features of either kind; sparse features are never densified.
import type { SparseFloatRows } from '@dandan/shared/kernel';
import {
  constant,
  type Expression,
  matmul,
  type SparsePattern,
  sparseMatmul,
} from '../autodiff/index.ts';
import type { NodeFeatures } from '../graph/graph-data.ts';
import { rowOfEntries } from '../graph/row-of-entries.ts';
import type { DropoutMode } from './dropout.ts';

export function patternOf(rows: SparseFloatRows): SparsePattern {
  return {
    rows: rows.count,
    columns: rows.width,
    rowOf: rowOfEntries(rows.offsets),
    columnOf: rows.indices,
  };
}

/** Multiplies the features by a weight matrix, with dropout on the features. */
export interface FeatureProduct {
  readonly count: number;
  readonly width: number;
  multiply(weight: Expression, mode: DropoutMode, dropout: number): Expression;
}

/** Features given as a dense expression [rows, width], constant or fed. */
export const denseProduct = (x: Expression): FeatureProduct => ({
  count: x.shape[0],
  width: x.shape[1],
  multiply: (weight, mode, dropout) => matmul(mode.apply(x, 'dropout.x', dropout), weight),
});

export function featureProduct(features: NodeFeatures): FeatureProduct {
  const { count, width } = features.rows;
  if (features.kind === 'dense')
    return denseProduct(constant(features.rows.values, [count, width]));
  const pattern = patternOf(features.rows);
  const x = constant(features.rows.values, [pattern.rowOf.length, 1]);
  const binary = features.rows.values.every((value) => value === 1);
  return {
    count,
    width,
    multiply(weight, mode, dropout) {
      const values = mode.apply(x, 'dropout.x', dropout);
      // All ones and no mask: the multiplication by the values can be left out.
      return sparseMatmul(pattern, weight, binary && values === x ? {} : { values });
    },
  };
}
