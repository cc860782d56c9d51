// Whether a challenger may take the champion's place, by a rule that is fixed before it is measured.
import type { Figures } from '../evaluate/figures.ts';
import type { Comparison } from './compare-answers.ts';
import { largestLoss } from './mcnemar.ts';

/**
 * `better`: the challenger must be shown to be better. `not-worse`: it must be shown not to lose more
 * than a margin, as after a change of the plant that old held-out data cannot tell of.
 */
export const RULES = ['better', 'not-worse'] as const;
export type Rule = (typeof RULES)[number];

export interface RuleOptions {
  readonly rule: Rule;
  /** Level of every test. */
  readonly level: number;
  /** Of `not-worse`: largest share of accuracy that may be lost, 0..1. */
  readonly margin: number;
  /** Largest cost of a row as a multiple of the champion's. */
  readonly maxCost: number;
}

export type CheckName = 'held-out' | 'accuracy' | 'classes' | 'cost' | 'certificate';

export interface Check {
  readonly name: CheckName;
  readonly passed: boolean;
  /** For people. */
  readonly text: string;
}

export interface Decision extends RuleOptions {
  readonly outcome: 'release' | 'keep';
  readonly checks: readonly Check[];
}

/** What of a bundle is weighed beside its answers. */
export interface Contender {
  readonly exit: Figures['exit'];
  /** Multiply-accumulates of a held-out row with early exit, mean. */
  readonly macs: number;
  /** Whether its thresholds carry a promise. */
  readonly certified: boolean;
}

/** With fewer held-out nodes no test can tell anything that a person should act on. */
export const MIN_HELD_OUT = 50;

const points = (value: number) => `${(100 * value).toFixed(2)} points`;
const percent = (value: number) => `${(100 * value).toFixed(2)} %`;
const pValue = (value: number) => (value < 0.0001 ? 'p < 0.0001' : `p = ${value.toFixed(4)}`);

function accuracyCheck(comparison: Comparison, { rule, level, margin }: RuleOptions): Check {
  const { test, accuracy, n } = comparison;
  const change = accuracy.challenger - accuracy.champion;
  const seen = `${percent(accuracy.champion)} → ${percent(accuracy.challenger)}`;
  if (rule === 'better') {
    const text = `${seen}: better by the exact McNemar test, ${pValue(test.better)}, wanted at most ${level}`;
    return { name: 'accuracy', passed: change > 0 && test.better <= level, text };
  }
  const loss = largestLoss(comparison, n, level);
  const text = `${seen}: loses at most ${points(Math.max(0, loss))} with probability ${percent(1 - level)}, wanted at most ${points(margin)}`;
  return { name: 'accuracy', passed: loss <= margin, text };
}

/** One class in C may look worse by chance: each is tested at a share of the level. */
function classesCheck({ perClass }: Comparison, { level }: RuleOptions): Check {
  const each = level / Math.max(1, perClass.length);
  const worse = perClass.filter(({ test }) => test.worse <= each);
  const text =
    worse.length === 0
      ? 'no class is shown to be recognised worse'
      : worse
          .map(
            ({ name, recall, test }) =>
              `'${name}' is recognised worse: ${percent(recall.champion)} → ${percent(recall.challenger)}, ${pValue(test.worse)}`,
          )
          .join('; ');
  return { name: 'classes', passed: worse.length === 0, text };
}

export interface DecideOptions {
  readonly comparison: Comparison;
  readonly champion: Contender;
  readonly challenger: Contender;
  readonly rule: RuleOptions;
}

/** All checks must pass; each says why it did or did not. */
export function decide({ comparison, champion, challenger, rule }: DecideOptions): Decision {
  const cost = challenger.macs / Math.max(1, champion.macs);
  const checks: Check[] = [
    {
      name: 'held-out',
      passed: comparison.n >= MIN_HELD_OUT,
      text: `${comparison.n} held-out nodes, at least ${MIN_HELD_OUT} wanted`,
    },
    accuracyCheck(comparison, rule),
    classesCheck(comparison, rule),
    {
      name: 'cost',
      passed: cost <= rule.maxCost,
      text: `a row costs ${cost.toFixed(2)} times what it did, at most ${rule.maxCost} wanted`,
    },
    {
      name: 'certificate',
      passed: challenger.certified || !champion.certified,
      text: challenger.certified
        ? 'its thresholds carry a certificate'
        : champion.certified
          ? 'its thresholds could not be certified, those of the champion are'
          : 'neither has certified thresholds',
    },
  ];
  return { ...rule, outcome: checks.every(({ passed }) => passed) ? 'release' : 'keep', checks };
}
