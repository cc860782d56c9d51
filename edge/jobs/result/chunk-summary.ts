// What a chunk adds to the summary of its job.
import { MAX_CLASSES } from '@dandan/shared/bundle';
import { type Cascade, type CascadeResult, STOP_REASONS } from '@dandan/shared/cascade';
import type { QuantisedRows } from '@dandan/shared/kernel';

/** Counts by key, without zeros; D1 adds them up over the chunks. */
export interface ChunkSummary {
  /** By class index. */
  readonly classes: Readonly<Record<string, number>>;
  /** By 1-based stage. */
  readonly exits: Readonly<Record<string, number>>;
  readonly stopped: Readonly<Record<string, number>>;
  readonly macs: number;
  /** Multiply-accumulates if every row had run all stages. */
  readonly fullMacs: number;
}

function counts(
  values: ArrayLike<number>,
  count: number,
  keyOf: (value: number) => string = String,
) {
  const found = new Float64Array(MAX_CLASSES);
  for (let i = 0; i < count; i++) found[values[i]]++;
  const entries = [...found.entries()].filter(([, n]) => n > 0);
  return Object.fromEntries(entries.map(([value, n]) => [keyOf(value), n]));
}

export function summarise(
  { cost, manifest }: Cascade,
  rows: QuantisedRows,
  result: CascadeResult,
): ChunkSummary {
  const { count } = rows;
  const last = manifest.stages.length - 1;
  const columns = rows.kind === 'dense' ? count * rows.width : rows.indices.length;
  let macs = 0;
  for (let i = 0; i < count; i++) macs += result.macs[i];
  return {
    classes: counts(result.classes, count),
    exits: counts(result.stage, count),
    stopped: counts(result.stopped, count, (reason) => STOP_REASONS[reason]),
    macs,
    fullMacs: cost.fixed[last] * count + cost.perColumn[last] * columns,
  };
}
