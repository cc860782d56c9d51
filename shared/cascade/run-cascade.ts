// Early exit node by node: each row climbs until its running output is confident, or until what a
// caller would spend on it is spent. Every row gets an answer: stage 1 always runs.
import { InputError } from '../error/index.ts';
import { checkShape, type QuantisedRows } from '../kernel/index.ts';
import { createDeadline, type Deadline } from './budget/deadline.ts';
import { type Cascade, macsOf, stageMacs } from './cascade.ts';
import { exitLimits } from './exit-stages.ts';

/** Why a node stopped, as stored in {@linkcode CascadeResult.stopped}. */
export const STOP_REASONS = ['confident', 'last-stage', 'stage-limit', 'budget'] as const;

export type StopReason = (typeof STOP_REASONS)[number];

const CONFIDENT = STOP_REASONS.indexOf('confident');
const LAST_STAGE = STOP_REASONS.indexOf('last-stage');
const STAGE_LIMIT = STOP_REASONS.indexOf('stage-limit');
const BUDGET = STOP_REASONS.indexOf('budget');

export interface CascadeOptions {
  /**
   * λ_k for k = 1..K−1: stop at the first stage with max q_k ≥ λ_k; `null` never stops. A caller of
   * many small batches hands on what {@linkcode exitLimits} gives, made once.
   */
  readonly thresholds: readonly (number | null)[] | Float32Array;
  /**
   * Deepest stage to run; a node that is not confident by then stops with `stage-limit`.
   *
   * @default {the stages the bundle holds}
   */
  readonly maxStage?: number | undefined;
  /**
   * Most multiply-accumulates to spend on a node: it stops with `budget` before a stage that would
   * exceed them. Stage 1 always runs.
   *
   * @default {Infinity}
   */
  readonly maxMacs?: number | undefined;
  /**
   * Milliseconds in which all rows shall be answered: rows stop with `budget` before a stage for
   * which, by the pace seen so far, no time is left. Stage 1 always runs, however late it is.
   * With a deadline answers depend on the speed of the machine.
   *
   * @default {Infinity}
   */
  readonly deadlineMs?: number | undefined;
  /** Milliseconds, for `deadlineMs`. @default {performance.now} */
  readonly now?: (() => number) | undefined;
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

function checkBudget(field: string, value: number | undefined): void {
  if (value === undefined || value >= 0) return;
  throw new InputError('option-invalid', `A budget cannot be ${value}`, {
    field,
    value,
    allowed: 'a number, at least 0',
  });
}

function checkOptions({ maxStage, maxMacs, deadlineMs }: CascadeOptions, held: number): void {
  if (
    maxStage !== undefined &&
    !(Number.isInteger(maxStage) && maxStage >= 1 && maxStage <= held)
  ) {
    throw new InputError('stage-out-of-range', `Cannot run to stage ${maxStage}`, {
      field: 'maxStage',
      value: maxStage,
      allowed: `1..${held}`,
    });
  }
  checkBudget('maxMacs', maxMacs);
  checkBudget('deadlineMs', deadlineMs);
}

function deadlineOf(
  cascade: Cascade,
  rows: QuantisedRows,
  deadlineMs: number,
  now: () => number = () => performance.now(),
): Deadline {
  const { count } = rows;
  const columns = rows.kind === 'dense' ? rows.width : rows.indices.length / Math.max(1, count);
  const macsPerRow = (stage: number) => stageMacs(cascade, stage, columns);
  return createDeadline({ deadlineMs, now, pace: cascade.pace, macsPerRow, rows: count });
}

/**
 * Runs the cascade over quantised rows. Rows climb together block by block; those that stop are left
 * out of the next stage. Without a deadline the same bundle and rows give the same bits in every
 * runtime (method: per-node exit on ProGMLP, arXiv 2507.19031).
 *
 * @param result room for at least as many rows; a caller that passes it has none allocated.
 * @throws {InputError} `rows-*` when the rows do not fit the bundle, `stage-out-of-range`,
 * `option-invalid`.
 */
export function runCascade(
  cascade: Cascade,
  rows: QuantisedRows,
  options: CascadeOptions,
  result: CascadeResult = createResult(rows.count),
): CascadeResult {
  const { block, stages: held } = cascade;
  checkOptions(options, held);
  // A block checks the shape of what it loads; of no rows it loads nothing.
  if (rows.count === 0) checkShape(rows, cascade.input);
  const { thresholds, maxStage = held, maxMacs = Number.POSITIVE_INFINITY } = options;
  const last = cascade.manifest.stages.length - 1;
  const limits = thresholds instanceof Float32Array ? thresholds : exitLimits(thresholds);
  const { deadlineMs, now } = options;
  const deadline =
    deadlineMs === undefined ? undefined : deadlineOf(cascade, rows, deadlineMs, now);
  const { active, classes, confidence } = block;
  const bounded = maxMacs !== Number.POSITIVE_INFINITY;
  // Dense rows cost the same, all of them.
  const alike = rows.kind === 'dense';
  for (let begin = 0; begin < rows.count; ) {
    const taken = block.load(rows, begin);
    deadline?.beginBlock(taken);
    let climbing = taken;
    for (let stage = 0; climbing > 0; stage++) {
      block.step(stage, climbing);
      deadline?.ran(stage, climbing);
      const limit = stage < last ? limits[stage] : Number.POSITIVE_INFINITY;
      const ends = stage + 1 === maxStage;
      const macs = alike ? macsOf(cascade, rows, begin, stage) : 0;
      const atEnd = stage === last ? LAST_STAGE : STAGE_LIMIT;
      let kept = 0;
      for (let i = 0; i < climbing; i++) {
        const place = active[i];
        const row = begin + place;
        const confident = confidence[place] >= limit;
        const spent = !ends && bounded && maxMacs < macsOf(cascade, rows, row, stage + 1);
        if (!confident && !ends && !spent) active[kept++] = place;
        // Also written where a row climbs on: a deadline may end the climb at any stage.
        result.classes[row] = classes[place];
        result.confidence[row] = confidence[place];
        result.stage[row] = stage + 1;
        result.stopped[row] = confident ? CONFIDENT : ends ? atEnd : BUDGET;
        result.macs[row] = alike ? macs : macsOf(cascade, rows, row, stage);
      }
      climbing = kept;
      if (climbing > 0 && deadline?.allows(stage + 1, climbing) === false) break;
    }
    begin += taken;
  }
  return result;
}
