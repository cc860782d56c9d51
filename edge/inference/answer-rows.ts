// Runs the cascade under a policy of the manifest and words the result for the wire.
import {
  type Cascade,
  exitLimits,
  runBatch,
  runCascade,
  STOP_REASONS,
} from '@dandan/shared/cascade';
import { InputError } from '@dandan/shared/error';
import type { QuantisedRows } from '@dandan/shared/kernel';
import { type PolicyName, policyOf } from '@dandan/shared/policy';
import type { PredictResponse } from '@dandan/shared/wire';
import type { AnsweredRows } from '../metrics/observation.ts';

export interface AnswerRowsOptions {
  readonly cascade: Cascade;
  readonly sha256: string;
  readonly rows: QuantisedRows;
  readonly policy: PolicyName;
  /**
   * Stop no later than this stage. It can only shorten what the policy allows.
   *
   * @default {the policy's maxStage}
   */
  readonly maxStage?: number | undefined;
  /** Deepest stage that a policy document leaves; unlike `maxStage` it may be beyond the last. */
  readonly cap?: number | undefined;
  /** Why policy and cap, where the caller did not choose them. */
  readonly decided?: string | undefined;
  /** See `CascadeOptions`. */
  readonly maxMacs?: number | undefined;
  readonly deadlineMs?: number | undefined;
  /** Whether rows stop one by one or all at once; see `runBatch`. @default {'node'} */
  readonly exit?: 'node' | 'batch' | undefined;
  readonly batchThreshold?: number | undefined;
  /** Told of the answers before they are worded. */
  readonly observe?: ((run: AnsweredRows) => void) | undefined;
}

/** Whether the caller or a cap asked for less than the policy promises. */
function isLimited({ exit, maxStage, cap, maxMacs, deadlineMs }: AnswerRowsOptions): boolean {
  const limits = [maxStage, cap, maxMacs, deadlineMs];
  return exit === 'batch' || limits.some((limit) => limit !== undefined);
}

/** Thresholds as the cascade compares them, made once for those of a bundle. */
const LIMITS = new WeakMap<readonly (number | null)[], Float32Array>();

function limitsOf(thresholds: readonly (number | null)[]): Float32Array {
  const made = LIMITS.get(thresholds) ?? exitLimits(thresholds);
  LIMITS.set(thresholds, made);
  return made;
}

/** A batch stops as one: a limit on what a row may cost or on time has no place in it. */
function checkBatch(options: AnswerRowsOptions): void {
  const field = (['maxMacs', 'deadlineMs'] as const).find((name) => options[name] !== undefined);
  if (field === undefined) return;
  throw new InputError('option-invalid', `${field} is for rows that stop one by one`, {
    field,
    value: options[field],
    allowed: "only with exit 'node'",
  });
}

/**
 * One answer per row, in row order.
 *
 * @throws {InputError} `rows-*` when the rows do not fit the bundle, `stage-out-of-range`,
 * `option-invalid`.
 */
export function answerRows(options: AnswerRowsOptions): PredictResponse {
  const { cascade, sha256, rows, policy, decided } = options;
  const { manifest } = cascade;
  const limits = policyOf(manifest, policy);
  const { maxStage = limits.maxStage } = options;
  if (maxStage > manifest.stages.length) {
    throw new InputError('stage-out-of-range', `The bundle has no stage ${maxStage}`, {
      field: 'maxStage',
      value: maxStage,
      allowed: `1..${manifest.stages.length}`,
    });
  }
  const deepest = Math.min(maxStage, limits.maxStage, options.cap ?? Number.POSITIVE_INFINITY);
  const byBatch = options.exit === 'batch';
  if (byBatch) checkBatch(options);
  const result = byBatch
    ? runBatch(cascade, rows, { threshold: options.batchThreshold, maxStage: deepest })
    : runCascade(cascade, rows, {
        thresholds: limitsOf(limits.thresholds),
        maxStage: deepest,
        maxMacs: options.maxMacs,
        deadlineMs: options.deadlineMs,
      });
  options.observe?.({ cascade, sha256, policy, rows, result, limited: isLimited(options) });
  const answers = Array.from({ length: rows.count }, (_, i) => ({
    class: result.classes[i],
    label: manifest.classes[result.classes[i]],
    confidence: result.confidence[i],
    stage: result.stage[i],
    stopped: STOP_REASONS[result.stopped[i]],
    macs: result.macs[i],
  }));
  return {
    model: manifest.model,
    bundle: sha256,
    policy,
    ...(decided !== undefined && { decided }),
    answers,
  };
}
