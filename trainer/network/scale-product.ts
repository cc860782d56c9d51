// Features times a constant, without a second copy of them: (s X) W = X (s W).
import { multiply, scalar } from '../autodiff/index.ts';
import type { NodeFeatures } from '../graph/graph-data.ts';
import type { FeatureProduct } from './feature-product.ts';

export const scaleProduct = (features: FeatureProduct, factor: number): FeatureProduct =>
  factor === 1
    ? features
    : {
        ...features,
        multiply: (weight, mode, dropout) =>
          features.multiply(multiply(scalar(factor), weight), mode, dropout),
      };

/**
 * Mean sum of a sparse row that students read. An Adam step moves all weights of a unit by about
 * the learning rate, hence the unit by the learning rate times the row's sum: with one rate,
 * Cora's rows (18 words) train well, and Amazon Photo's (260) kill most of 16 units in a few
 * steps.
 */
const ROW_SUM = 20;

/** Factor that brings the mean sum of the rows of `nodes` to `ROW_SUM`; 1 for dense features. */
export function rowSumScale(features: NodeFeatures, nodes: Int32Array): number {
  if (features.kind === 'dense') return 1;
  const { offsets, values } = features.rows;
  let sum = 0;
  for (const node of nodes) {
    for (let e = offsets[node]; e < offsets[node + 1]; e++) sum += Math.abs(values[e]);
  }
  return sum === 0 ? 1 : (ROW_SUM * nodes.length) / sum;
}
