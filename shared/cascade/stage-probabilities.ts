// What every stage says on its own, class by class: the input of a batch-level exit.
import type { QuantisedRows } from '../kernel/index.ts';
import type { Cascade } from './cascade.ts';
import { everyStage } from './every-stage.ts';

/** softmax(P_k / T_k) of the stage just run, rows 0..count of the block, to `to` from row `begin`. */
export function copyProbabilities(
  { block, manifest }: Cascade,
  count: number,
  to: Float32Array,
  begin = 0,
): void {
  const classes = manifest.classes.length;
  for (let i = 0; i < count; i++) {
    const from = i * block.classStride;
    to.set(block.probabilities.subarray(from, from + classes), (begin + i) * classes);
  }
}

/**
 * softmax(P_k / T_k) of every row.
 *
 * @param stages how many to run, from the first.
 * @returns per stage float32 [rows, classes].
 * @throws {InputError} `rows-*`.
 */
export function stageProbabilities(
  cascade: Cascade,
  rows: QuantisedRows,
  stages = cascade.stages,
): Float32Array[] {
  const classes = cascade.manifest.classes.length;
  const all = Array.from({ length: stages }, () => new Float32Array(rows.count * classes));
  everyStage(
    cascade,
    rows,
    (stage, begin, count) => copyProbabilities(cascade, count, all[stage], begin),
    stages,
  );
  return all;
}
