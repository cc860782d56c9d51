// Early exit node by node: each row climbs until its running output is confident.
import { InputError } from '../error/index.ts';
import { checkShape, type QuantisedRows } from '../kernel/index.ts';
import { type Cascade, macsOf } from './cascade.ts';
import { exitLimits } from './exit-stages.ts';

/** Why a node stopped, as stored in {@linkcode CascadeResult.stopped}. */
export const STOP_REASONS = ['confident', 'last-stage', 'stage-limit'] as const;

export type StopReason = (typeof STOP_REASONS)[number];

const CONFIDENT = STOP_REASONS.indexOf('confident');
const LAST_STAGE = STOP_REASONS.indexOf('last-stage');
const STAGE_LIMIT = STOP_REASONS.indexOf('stage-limit');

export interface CascadeOptions {
  /** λ_k for k = 1..K−1: stop at the first stage with max q_k ≥ λ_k; `null` never stops. */
  readonly thresholds: readonly (number | null)[];
  /**
   * Deepest stage to run; a node that is not confident by then stops with `stage-limit`.
   *
   * @default {the stages the bundle holds}
   */
  readonly maxStage?: number;
}

/** One entry per row, in row order. */
export interface CascadeResult {
  readonly classes: Int32Array;
  readonly confidence: Float32Array;
  /** 1-based stage at which the node stopped. */
  readonly stage: Uint8Array;
  /** Index into {@linkcode STOP_REASONS}. */
  readonly stopped: Uint8Array;
  /** Multiply-accumulates spent on the node. */
  readonly macs: Float64Array;
}

/** Room for the answers to `count` rows. */
export function createResult(count: number): CascadeResult {
  return {
    classes: new Int32Array(count),
    confidence: new Float32Array(count),
    stage: new Uint8Array(count),
    stopped: new Uint8Array(count),
    macs: new Float64Array(count),
  };
}

/**
 * Runs the cascade over quantised rows. Rows climb together block by block; those that stop are left
 * out of the next stage. The same bundle and rows give the same bits in every runtime (method:
 * per-node exit on ProGMLP, arXiv 2507.19031).
 *
 * @param result room for at least as many rows; a caller that passes it has nothing allocated.
 * @throws {InputError} `rows-*` when the rows do not fit the bundle, `stage-out-of-range`.
 */
export function runCascade(
  cascade: Cascade,
  rows: QuantisedRows,
  options: CascadeOptions,
  result: CascadeResult = createResult(rows.count),
): CascadeResult {
  const { block, stages: held } = cascade;
  const { thresholds, maxStage = held } = options;
  if (!Number.isInteger(maxStage) || maxStage < 1 || maxStage > held) {
    throw new InputError('stage-out-of-range', `Cannot run to stage ${maxStage}`, {
      field: 'maxStage',
      value: maxStage,
      allowed: `1..${held}`,
    });
  }
  checkShape(rows, cascade.input);
  const last = cascade.manifest.stages.length - 1;
  const limits = exitLimits(thresholds);
  const { active, classes, confidence } = block;
  for (let begin = 0; begin < rows.count; ) {
    const taken = block.load(rows, begin);
    let climbing = taken;
    for (let stage = 0; climbing > 0; stage++) {
      block.step(stage, climbing);
      const limit = stage < last ? limits[stage] : Number.POSITIVE_INFINITY;
      const ends = stage + 1 === maxStage;
      let kept = 0;
      for (let i = 0; i < climbing; i++) {
        const place = active[i];
        const confident = confidence[place] >= limit;
        if (!confident && !ends) {
          active[kept++] = place;
          continue;
        }
        const row = begin + place;
        result.classes[row] = classes[place];
        result.confidence[row] = confidence[place];
        result.stage[row] = stage + 1;
        result.stopped[row] = confident ? CONFIDENT : stage === last ? LAST_STAGE : STAGE_LIMIT;
        result.macs[row] = macsOf(cascade, rows, row, stage);
      }
      climbing = kept;
    }
    begin += taken;
  }
  return result;
}
