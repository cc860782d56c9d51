// Which labels may be read for what: the field's random 20/30 protocol, and the
// share of nodes held back to calibrate the thresholds.
import { InputError } from '@dandan/shared/error';
import { createRandom } from '@dandan/shared/random';
import type { Split } from './graph-data.ts';

/**
 * Least and most nodes held back for calibration.
 *
 * An exact binomial test of "at most α = 1 % of nodes differ" at δ = 0.1 needs 230
 * nodes to pass with no disagreement at all; 1,000 nodes allow five, so that early
 * exits become possible in practice. Beyond 3,000 the test gains little and the
 * reported accuracy would rest on fewer nodes.
 */
const MIN_CALIBRATION = 1000;
const MAX_CALIBRATION = 3000;

/** The field's random 20/30 protocol (Shchur et al. 2018). */
export const DEFAULT_PER_CLASS_TRAIN = 20;
export const DEFAULT_PER_CLASS_VALIDATION = 30;

export interface RandomSplitOptions {
  /** int32 [nodes], −1 where unknown. */
  readonly labels: Int32Array;
  /** Number of classes C. */
  readonly classes: number;
  readonly seed: number;
  /** One number for all classes, or one per class. @default {20} */
  readonly perClassTrain?: number | readonly number[];
  /** @default {30} */
  readonly perClassValidation?: number | readonly number[];
  /**
   * Share of the labelled rest that becomes `unlabelled`: its labels are never
   * read, it calibrates the thresholds. The published protocol tests on the whole
   * rest; a random part of it has the same expected accuracy. The default is 20 %,
   * at least 1,000 and at most 3,000 nodes, never more than half of the rest.
   * Nodes without a label count towards it.
   *
   * @default {0.2, bounded as above}
   */
  readonly calibrationShare?: number;
}

interface Quota {
  readonly train: number;
  readonly validation: number;
}

/** A class too small for the protocol gives its nodes in proportion, so that some are left to test on. */
function quotaOf(size: number, train: number, validation: number): Quota {
  const wanted = train + validation + 1;
  if (size >= wanted) return { train, validation };
  return {
    train: Math.max(1, Math.floor((size * train) / wanted)),
    validation: Math.floor((size * validation) / wanted),
  };
}

function calibrationCount(rest: number, withoutLabel: number, share: number | undefined): number {
  if (share !== undefined) return Math.round(share * rest);
  const wanted = Math.min(MAX_CALIBRATION, Math.max(MIN_CALIBRATION, Math.round(0.2 * rest)));
  return Math.min(Math.max(0, wanted - withoutLabel), Math.floor(rest / 2));
}

function ascending(nodes: readonly number[]): Int32Array {
  return Int32Array.from(nodes).sort();
}

function refuse(field: string, value: unknown, allowed: string): never {
  throw new InputError('option-invalid', `A split cannot have ${field} = ${value}`, {
    field,
    value,
    allowed,
  });
}

/** One count per class, whichever way the caller gave them. */
function perClass(field: string, given: number | readonly number[], classes: number): number[] {
  const counts = typeof given === 'number' ? Array<number>(classes).fill(given) : [...given];
  if (counts.length !== classes) refuse(`${field}.length`, counts.length, `${classes}`);
  for (const count of counts) {
    if (!Number.isInteger(count) || count < 1) refuse(field, count, 'a whole number, at least 1');
  }
  return counts;
}

/**
 * Draws `perClassTrain` and `perClassValidation` nodes of every class; the rest is
 * test, less the nodes held back for calibration.
 *
 * @returns sets that are disjoint, ascending and together cover all nodes.
 * A class without labelled nodes is left out.
 * @throws {InputError} `option-invalid`.
 */
export function randomSplit(options: RandomSplitOptions): Split {
  const { labels, classes, seed, calibrationShare } = options;
  const wantedTrain = perClass(
    'perClassTrain',
    options.perClassTrain ?? DEFAULT_PER_CLASS_TRAIN,
    classes,
  );
  const wantedValidation = perClass(
    'perClassValidation',
    options.perClassValidation ?? DEFAULT_PER_CLASS_VALIDATION,
    classes,
  );
  if (calibrationShare !== undefined && !(calibrationShare >= 0 && calibrationShare < 1)) {
    refuse('calibrationShare', calibrationShare, 'at least 0 and below 1');
  }
  const random = createRandom(seed).fork('split');
  const members: number[][] = Array.from({ length: classes }, () => []);
  const withoutLabel: number[] = [];
  labels.forEach((label, node) => {
    (label < 0 ? withoutLabel : members[label]).push(node);
  });
  const train: number[] = [];
  const validation: number[] = [];
  const rest: number[] = [];
  members.forEach((nodes, label) => {
    if (nodes.length === 0) return;
    random.shuffle(nodes);
    const quota = quotaOf(nodes.length, wantedTrain[label], wantedValidation[label]);
    const drawn = quota.train + quota.validation;
    train.push(...nodes.slice(0, quota.train));
    validation.push(...nodes.slice(quota.train, drawn));
    for (const node of nodes.slice(drawn)) rest.push(node);
  });
  random.shuffle(rest);
  const held = calibrationCount(rest.length, withoutLabel.length, calibrationShare);
  return {
    train: ascending(train),
    validation: ascending(validation),
    test: ascending(rest.slice(held)),
    unlabelled: ascending([...rest.slice(0, held), ...withoutLabel]),
  };
}
