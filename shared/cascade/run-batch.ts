// The paper's early exit over rows: the batch stops as one, so a row's answer depends on the rows
// it came with.
import { checkShape, type QuantisedRows } from '../kernel/index.ts';
import { batchExit, DEFAULT_BATCH_THRESHOLD, isConfident } from './batch-exit.ts';
import { type Cascade, macsOf } from './cascade.ts';
import { type CascadeResult, createResult, STOP_REASONS } from './run-cascade.ts';
import { copyProbabilities, stageProbabilities } from './stage-probabilities.ts';

export interface RunBatchOptions {
  /**
   * τ_conf, 0..1: stop at the first stage whose mean confidence is above it.
   *
   * @default {DEFAULT_BATCH_THRESHOLD}
   */
  readonly threshold?: number | undefined;
  /** Deepest stage to run. @default {the stages the bundle holds} */
  readonly maxStage?: number | undefined;
}

/** softmax(P_k / T_k) up to the stage at which the batch stops; `undefined` where no block holds it. */
function untilConfident(
  cascade: Cascade,
  rows: QuantisedRows,
  { threshold, maxStage }: { readonly threshold: number; readonly maxStage: number },
): Float32Array[] | undefined {
  const { block, manifest } = cascade;
  const classes = manifest.classes.length;
  const all: Float32Array[] = [];
  const { count } = rows;
  if (count > block.capacity || block.load(rows, 0) < count) return undefined;
  while (all.length < maxStage) {
    block.step(all.length, count);
    const own = new Float32Array(count * classes);
    copyProbabilities(cascade, count, own);
    all.push(own);
    if (isConfident(own, classes, threshold)) break;
  }
  return all;
}

/**
 * Runs rows to the stage at which their mean confidence passes τ_conf (ProGMLP Eq. 9–10). A batch
 * of more rows than a block holds runs as deep as it may, since the rows are only known together at
 * the end; `macs` counts those of the answer.
 *
 * @throws {InputError} `rows-*` when the rows do not fit the bundle.
 */
export function runBatch(
  cascade: Cascade,
  rows: QuantisedRows,
  options: RunBatchOptions,
): CascadeResult {
  checkShape(rows, cascade.input);
  const { count } = rows;
  const result = createResult(count);
  if (count === 0) return result;
  const { threshold = DEFAULT_BATCH_THRESHOLD, maxStage = cascade.stages } = options;
  const classes = cascade.manifest.classes.length;
  const probabilities =
    untilConfident(cascade, rows, { threshold, maxStage }) ??
    stageProbabilities(cascade, rows, maxStage);
  const exit = batchExit({ probabilities, classes, threshold });
  const confident = exit.confidence[exit.stage - 1] > threshold;
  const atEnd = exit.stage === cascade.manifest.stages.length ? 'last-stage' : 'stage-limit';
  result.classes.set(exit.classes);
  result.confidence.set(exit.rowConfidence);
  result.stage.fill(exit.stage);
  result.stopped.fill(STOP_REASONS.indexOf(confident ? 'confident' : atEnd));
  for (let i = 0; i < count; i++) result.macs[i] = macsOf(cascade, rows, i, exit.stage - 1);
  return result;
}
