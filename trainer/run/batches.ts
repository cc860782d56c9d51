// `--batch`: how the rows of a run are cut.
import type { FloatRows } from '@dandan/shared/kernel';
import type { Random } from '@dandan/shared/random';
import type { NodeFeatures } from '../graph/graph-data.ts';
import type { TrainOptions } from './train-options.ts';

/**
 * Dense rows to draw batches from, or `undefined` where a run has none: sparse rows are cut
 * into parts that stay (`partsOf`), as every batch would need a pattern of its own.
 */
export function batchesOf(
  { batch }: Pick<TrainOptions, 'batch'>,
  features: NodeFeatures,
): { readonly batch: number; readonly rows: FloatRows } | undefined {
  if (batch === 0 || features.kind === 'sparse') return undefined;
  return { batch, rows: features.rows };
}

/** The nodes at random in parts of about `batch`, ascending within each; `undefined` without. */
export function partsOf(
  { batch }: Pick<TrainOptions, 'batch'>,
  features: NodeFeatures,
  nodes: Int32Array,
  random: Random,
): readonly Int32Array[] | undefined {
  if (batch === 0 || features.kind === 'dense') return undefined;
  const order = nodes.slice();
  random.shuffle(order);
  const count = Math.max(1, Math.round(order.length / batch));
  return Array.from({ length: count }, (_, part) =>
    order
      .slice(
        Math.floor((part * order.length) / count),
        Math.floor(((part + 1) * order.length) / count),
      )
      .sort(),
  );
}
