// What the students of a run meet in training: its choices on the rows at hand.
import { InputError } from '@dandan/shared/error';
import type { FloatRows } from '@dandan/shared/kernel';
import type { Augmentation } from '../distill/augment/augmentation.ts';
import { type ChannelColumns, channelColumns } from '../graph/channel-columns.ts';
import type { GraphData } from '../graph/graph-data.ts';
import { dequantiseRows, inputScale, quantiseFeatures } from '../quantise/input.ts';
import type { PreparedData } from './prepare.ts';
import type { AugmentationOptions } from './train-options.ts';

/** A row without a single reading, as the assembler writes it. */
function silentRow(width: number, channels: readonly ChannelColumns[]): Float32Array {
  const row = new Float32Array(width);
  for (const { columns, missing } of channels) {
    for (const j of columns) row[j] = Number.NaN;
    for (const j of missing) row[j] = 1;
  }
  return row;
}

/**
 * @returns `undefined` where nothing was chosen.
 * @throws {InputError} `option-invalid` for sparse features: words have no channels.
 */
export function augmentationOf(
  { featureSpec }: Pick<GraphData, 'featureSpec'>,
  { input, studentRows }: Pick<PreparedData, 'input' | 'studentRows'>,
  chosen: AugmentationOptions | undefined,
): (Augmentation & { readonly rows: FloatRows }) | undefined {
  if (!chosen) return undefined;
  if (studentRows.kind === 'sparse') {
    const { noise, dropout, drift } = chosen;
    throw new InputError('option-invalid', 'Sparse features are counts of words, not readings', {
      field: 'augmentNoise, augmentDropout or augmentDrift',
      value: `${noise}, ${dropout}, ${drift}`,
      allowed: '0, or data with dense features',
    });
  }
  const { rows } = studentRows;
  const { width } = rows;
  const channels = channelColumns(featureSpec);
  const silent = quantiseFeatures(
    { kind: 'dense', rows: { count: 1, width, values: silentRow(width, channels) } },
    input,
  );
  const scale = inputScale(input);
  return {
    ...chosen,
    rows,
    channels,
    deviations: input.multiplier.map((codesPerUnit) => 1 / (codesPerUnit * scale)),
    absent: dequantiseRows(silent, input).rows.values,
  };
}
