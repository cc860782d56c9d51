// What every stage says on its own, class by class: the input of a batch-level exit.
import type { Bundle } from '../bundle/bundle.ts';
import { checkRows, type QuantisedRows } from '../kernel/index.ts';
import { createStepper } from './stepper.ts';

/**
 * softmax(P_k / T_k) of every row, for all stages that the bundle holds.
 *
 * @returns per stage float32 [rows, classes].
 * @throws {InputError} `rows-*`.
 */
export function stageProbabilities(bundle: Bundle, rows: QuantisedRows): Float32Array[] {
  checkRows(rows, bundle.input);
  const classes = bundle.manifest.classes.length;
  const all = bundle.stages.map(() => new Float32Array(rows.count * classes));
  const stepper = createStepper(bundle);
  for (let i = 0; i < rows.count; i++) {
    stepper.start(rows, i);
    for (const stage of all) stage.set(stepper.step().probabilities, i * classes);
  }
  return all;
}
