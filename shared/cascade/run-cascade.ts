// Early exit node by node: each row climbs until its running output is confident.
import type { Bundle } from '../bundle/bundle.ts';
import { InputError } from '../error/index.ts';
import { checkRows, type QuantisedRows } from '../kernel/index.ts';
import { exitLimits } from './exit-stages.ts';
import { createStepper } from './stepper.ts';

/** Why a node stopped, as stored in {@linkcode CascadeResult.stopped}. */
export const STOP_REASONS = ['confident', 'last-stage', 'stage-limit'] as const;

export type StopReason = (typeof STOP_REASONS)[number];

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

function stopReason(stage: number, confident: boolean, total: number): StopReason {
  if (stage === total) return 'last-stage';
  return confident ? 'confident' : 'stage-limit';
}

/**
 * Runs the cascade over quantised rows. The same bundle and rows give the same
 * bits in every runtime (method: per-node exit on ProGMLP, arXiv 2507.19031).
 *
 * @throws {InputError} `rows-*` when the rows do not fit the bundle, `stage-out-of-range`.
 */
export function runCascade(
  bundle: Bundle,
  rows: QuantisedRows,
  options: CascadeOptions,
): CascadeResult {
  const held = bundle.stages.length;
  const { thresholds, maxStage = held } = options;
  if (!Number.isInteger(maxStage) || maxStage < 1 || maxStage > held) {
    throw new InputError('stage-out-of-range', `Cannot run to stage ${maxStage}`, {
      field: 'maxStage',
      value: maxStage,
      allowed: `1..${held}`,
    });
  }
  checkRows(rows, bundle.input);
  const total = bundle.manifest.stages.length;
  const limits = exitLimits(thresholds);
  const { count } = rows;
  const result: CascadeResult = {
    classes: new Int32Array(count),
    confidence: new Float32Array(count),
    stage: new Uint8Array(count),
    stopped: new Uint8Array(count),
    macs: new Float64Array(count),
  };
  const stepper = createStepper(bundle);
  for (let i = 0; i < count; i++) {
    stepper.start(rows, i);
    let stage = 0;
    let confident = false;
    let answer = stepper.step();
    for (;;) {
      stage++;
      confident = stage < total && answer.confidence >= limits[stage - 1];
      if (confident || stage === maxStage) break;
      answer = stepper.step();
    }
    result.classes[i] = answer.class;
    result.confidence[i] = answer.confidence;
    result.stage[i] = stage;
    result.stopped[i] = STOP_REASONS.indexOf(stopReason(stage, confident, total));
    result.macs[i] = answer.macs;
  }
  return result;
}
