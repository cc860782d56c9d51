// Runs every node to the last stage and keeps what each stage would have answered:
// the raw material of calibration, certification and reports.
import type { QuantisedRows } from '../kernel/index.ts';
import { type Cascade, macsOf } from './cascade.ts';
import { everyStage } from './every-stage.ts';

/** Per stage k (index k−1), one entry per row. */
export interface CascadeTrace {
  readonly classes: readonly Int32Array[];
  readonly confidence: readonly Float32Array[];
  /** Classes of the stages taken alone, argmax P_k. */
  readonly stageClasses: readonly Int32Array[];
  /** Multiply-accumulates spent up to and including the stage. */
  readonly macs: readonly Float64Array[];
}

/** Traces `rows` through all stages the cascade holds. @throws {InputError} `rows-*`. */
export function traceCascade(cascade: Cascade, rows: QuantisedRows): CascadeTrace {
  const { block, stages } = cascade;
  const all = Array.from({ length: stages }, () => ({
    classes: new Int32Array(rows.count),
    confidence: new Float32Array(rows.count),
    stageClasses: new Int32Array(rows.count),
    macs: new Float64Array(rows.count),
  }));
  everyStage(cascade, rows, (stage, begin, count) => {
    const to = all[stage];
    to.classes.set(block.classes.subarray(0, count), begin);
    to.confidence.set(block.confidence.subarray(0, count), begin);
    to.stageClasses.set(block.stageClasses.subarray(0, count), begin);
    for (let row = begin; row < begin + count; row++) {
      to.macs[row] = macsOf(cascade, rows, row, stage);
    }
  });
  return {
    classes: all.map(({ classes }) => classes),
    confidence: all.map(({ confidence }) => confidence),
    stageClasses: all.map(({ stageClasses }) => stageClasses),
    macs: all.map(({ macs }) => macs),
  };
}
