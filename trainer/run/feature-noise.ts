// The noise protocol of GLNN (Zhang et al. 2022) and ProGMLP: X' = (1 − a) X + a N for
// every node, before anything reads the features, in training as at test time.
import { InputError } from '@dandan/shared/error';
import type { SparseFloatRows } from '@dandan/shared/kernel';
import type { Random } from '@dandan/shared/random';
import type { NodeFeatures } from '../graph/graph-data.ts';
import { columnScales } from '../quantise/column-scale.ts';

/**
 * Noise makes sparse features dense: 4 bytes for every node and column, and about as much again
 * while they are quantised. Coauthor Physics (34,493 × 8,415) needs 1.1 GiB.
 */
const MAX_DENSE_BYTES = 2 * 2 ** 30;

export interface FeatureNoiseOptions {
  readonly features: NodeFeatures;
  /** a, 0..1: 0 leaves the features as they are, 1 leaves nothing of them. */
  readonly amount: number;
  /** Nodes that training may see: they set the spread of dense columns. */
  readonly visible: Int32Array;
  readonly random: Random;
}

function densify(rows: SparseFloatRows): Float32Array<ArrayBuffer> {
  const { count, width, offsets, indices, values } = rows;
  const bytes = 4 * count * width;
  if (bytes > MAX_DENSE_BYTES) {
    throw new InputError(
      'option-invalid',
      `Noise on these features would take ${(bytes / 2 ** 30).toFixed(1)} GiB: it makes sparse features dense`,
      {
        field: '--feature-noise',
        value: `${count} nodes of ${width} features`,
        allowed: `0, or features of at most ${MAX_DENSE_BYTES / 2 ** 30} GiB when dense`,
      },
    );
  }
  const dense = new Float32Array(count * width);
  for (let i = 0; i < count; i++) {
    for (let e = offsets[i]; e < offsets[i + 1]; e++) dense[i * width + indices[e]] = values[e];
  }
  return dense;
}

/**
 * Sparse features (words) get N standard normal, as in the published code, which adds it to
 * bags of words as they are. Dense columns have units of their own: they get it in deviations
 * from their mean, as if they were standardised first. A missing value (NaN) stays missing.
 *
 * @throws {InputError} `option-invalid` when sparse features are too large to become dense.
 */
export function withFeatureNoise(options: FeatureNoiseOptions): NodeFeatures {
  const { features, amount, visible, random } = options;
  if (amount === 0) return features;
  const { count, width } = features.rows;
  const sparse = features.kind === 'sparse';
  const values = sparse ? densify(features.rows) : features.rows.values.slice();
  const scales = sparse ? undefined : columnScales(values, width, visible);
  for (let at = 0; at < values.length; at++) {
    const j = at % width;
    const noise = scales ? scales[j].centre + scales[j].spread * random.normal() : random.normal();
    values[at] = (1 - amount) * values[at] + amount * noise;
  }
  return { kind: 'dense', rows: { count, width, values } };
}
