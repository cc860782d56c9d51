// Runs every node to the last stage and keeps what each stage would have answered:
// the raw material of calibration, certification and reports.
import type { Bundle } from '../bundle/bundle.ts';
import { checkRows, type QuantisedRows } from '../kernel/index.ts';
import { createStepper } from './stepper.ts';

/** Per stage k (index k−1), one entry per row. */
export interface CascadeTrace {
  readonly classes: readonly Int32Array[];
  readonly confidence: readonly Float32Array[];
  /** Classes of the stages taken alone, argmax P_k. */
  readonly stageClasses: readonly Int32Array[];
  /** Multiply-accumulates spent up to and including the stage. */
  readonly macs: readonly Float64Array[];
}

/** Traces `rows` through all stages the bundle holds. @throws {InputError} `rows-*`. */
export function traceCascade(bundle: Bundle, rows: QuantisedRows): CascadeTrace {
  checkRows(rows, bundle.input);
  const classes = bundle.stages.map(() => new Int32Array(rows.count));
  const confidence = bundle.stages.map(() => new Float32Array(rows.count));
  const stageClasses = bundle.stages.map(() => new Int32Array(rows.count));
  const macs = bundle.stages.map(() => new Float64Array(rows.count));
  const stepper = createStepper(bundle);
  for (let i = 0; i < rows.count; i++) {
    stepper.start(rows, i);
    for (let k = 0; k < bundle.stages.length; k++) {
      const answer = stepper.step();
      classes[k][i] = answer.class;
      confidence[k][i] = answer.confidence;
      stageClasses[k][i] = answer.stageClass;
      macs[k][i] = answer.macs;
    }
  }
  return { classes, confidence, stageClasses, macs };
}
