// What every stage says on its own, class by class: the input of a batch-level exit.
import type { QuantisedRows } from '../kernel/index.ts';
import type { Cascade } from './cascade.ts';
import { everyStage } from './every-stage.ts';

/**
 * softmax(P_k / T_k) of every row, for all stages that the cascade holds.
 *
 * @returns per stage float32 [rows, classes].
 * @throws {InputError} `rows-*`.
 */
export function stageProbabilities(cascade: Cascade, rows: QuantisedRows): Float32Array[] {
  const { block, stages, manifest } = cascade;
  const classes = manifest.classes.length;
  const all = Array.from({ length: stages }, () => new Float32Array(rows.count * classes));
  everyStage(cascade, rows, (stage, begin, count) => {
    for (let i = 0; i < count; i++) {
      const from = i * block.classStride;
      const own = block.probabilities.subarray(from, from + classes);
      all[stage].set(own, (begin + i) * classes);
    }
  });
  return all;
}
