// `--batch`: what training in batches needs of the data.
import { InputError } from '@dandan/shared/error';
import type { FloatRows } from '@dandan/shared/kernel';
import type { NodeFeatures } from '../graph/graph-data.ts';
import type { TrainOptions } from './train-options.ts';

/**
 * The rows to draw batches from, or `undefined` where a run trains in one piece.
 *
 * @throws {InputError} `option-invalid` for sparse features: they fit in one piece up to some
 * 100 million non-zeros.
 */
export function batchesOf(
  { batch }: Pick<TrainOptions, 'batch'>,
  features: NodeFeatures,
): { readonly batch: number; readonly rows: FloatRows } | undefined {
  if (batch === undefined) return undefined;
  if (features.kind === 'dense') return { batch, rows: features.rows };
  throw new InputError('option-invalid', 'Sparse features cannot be trained in batches', {
    field: '--batch',
    value: batch,
    allowed: 'dense features; leave --batch out to train in one piece',
  });
}
