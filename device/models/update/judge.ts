// Whether a new bundle takes over from the one that is served: a decision on plain figures.
import type { LocalModel } from '../cascade/index.ts';
import type { Tally } from './tally.ts';

export interface CanaryCriteria {
  /** Rows that must have been seen. @default {200} */
  readonly minRows: number;
  /** After this long what was seen has to do. @default {a day} */
  readonly maxMs: number;
  /** Share of rows that may end in an error. @default {0} */
  readonly maxErrorShare: number;
  /** Share of rows with the same class. @default {what both bundles were measured to be} */
  readonly minAgreement?: number | undefined;
  /** Share of rows that may get a class which the old bundle does not know. @default {0.2} */
  readonly maxNewClassShare: number;
  /** By how much the share of rows that go to the edge may grow. @default {0.2} */
  readonly maxUnsureGrowth: number;
  /** Multiply-accumulates a row, as a multiple of the old bundle's. @default {8} */
  readonly maxCostRatio: number;
  /** Mean time of an answer. @default {50} */
  readonly maxMeanMs: number;
  /** What to do after `maxMs` in which no row came. @default {'wait'} */
  readonly withoutRows: 'wait' | 'commit';
}

export const DEFAULT_CRITERIA: CanaryCriteria = {
  minRows: 200,
  maxMs: 86_400_000,
  maxErrorShare: 0,
  maxNewClassShare: 0.2,
  maxUnsureGrowth: 0.2,
  maxCostRatio: 8,
  maxMeanMs: 50,
  withoutRows: 'wait',
};

export interface Verdict {
  readonly kind: 'commit' | 'rollback' | 'extend';
  /** In words, for a log, a heartbeat or a table. */
  readonly reason: string;
}

/** Standard deviations: a bundle as good as it was measured to be fails one trial in a thousand. */
const DEVIATIONS = 3;

const percent = (share: number) => `${Math.round(1000 * share) / 10} %`;
const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);

/**
 * How often two bundles must agree at least, by their own figures: two that are right on a and b of
 * the rows agree on a + b − 1 of them, less what each certificate lets an early stop differ.
 * `undefined` where the release was not made after the bundle that runs: it may be a bad one.
 */
export function expectedAgreement(
  old: LocalModel,
  next: LocalModel,
  comparable: boolean,
): number | undefined {
  if (!comparable) return undefined;
  // A trial is judged by day, when accuracy comes first.
  const rightShare = ({ cascade: { manifest }, stages, policies }: LocalModel) =>
    manifest.stages[Math.min(stages, policies.day.deepest) - 1].validation.accuracy -
    (manifest.policies.day.certificate?.alpha ?? 0);
  return Math.max(0, rightShare(old) + rightShare(next) - 1);
}

/** The first thing that speaks against the bundle. */
function objection(
  tally: Tally,
  criteria: CanaryCriteria,
  agreement: number | undefined,
): string | undefined {
  const { compared, agreeing, newClass, old, new: own } = tally;
  const needed = criteria.minAgreement ?? agreement;
  if (needed !== undefined && compared > 0) {
    const chance = DEVIATIONS * Math.sqrt((needed * (1 - needed)) / compared);
    if (agreeing / compared < needed - chance) {
      return `agrees with the bundle before on ${percent(agreeing / compared)} of ${compared} rows, ${percent(needed)} are expected`;
    }
  }
  const unknown = share(newClass, compared + newClass);
  if (unknown > criteria.maxNewClassShare) {
    return `gives ${percent(unknown)} of rows a class that the bundle before does not know, ${percent(criteria.maxNewClassShare)} may be`;
  }
  const growth = share(own.unsure, own.rows) - share(old.unsure, old.rows);
  if (old.rows > 0 && growth > criteria.maxUnsureGrowth) {
    return `sends ${percent(growth)} more of the rows to the edge, ${percent(criteria.maxUnsureGrowth)} may be`;
  }
  const ratio = share(own.macs * old.rows, own.rows * old.macs);
  if (ratio > criteria.maxCostRatio) {
    return `costs ${ratio.toFixed(1)} times as much a row, ${criteria.maxCostRatio} times may be`;
  }
  const meanMs = share(own.ms, own.rows);
  if (meanMs > criteria.maxMeanMs) {
    return `takes ${meanMs.toFixed(1)} ms a row, ${criteria.maxMeanMs} ms may be`;
  }
  return undefined;
}

/**
 * @param facts `elapsedMs` since the first row, or since the run began where none came; `agreement`
 * as {@linkcode expectedAgreement} says.
 */
export function judgeCanary(
  tally: Tally,
  criteria: CanaryCriteria,
  facts: { readonly elapsedMs: number; readonly agreement: number | undefined },
): Verdict {
  const { rows, errors, firstError } = tally;
  const { minRows, maxMs, maxErrorShare, withoutRows } = criteria;
  const over = facts.elapsedMs >= maxMs;
  const enough = rows >= minRows;
  // No error may be: the first is one too many. Some may be: their share is known with the rows.
  if (errors > 0 && (maxErrorShare === 0 || enough || over) && errors / rows > maxErrorShare) {
    return { kind: 'rollback', reason: `${errors} of ${rows} rows failed, first ${firstError}` };
  }
  if (rows === 0 && over) {
    return withoutRows === 'commit'
      ? { kind: 'commit', reason: 'no row came to try it on' }
      : { kind: 'extend', reason: 'no row has come to try it on: it waits for one' };
  }
  if (!enough && !over) return { kind: 'extend', reason: `${rows} of ${minRows} rows seen` };
  const reason = objection(tally, criteria, facts.agreement);
  if (reason !== undefined) return { kind: 'rollback', reason };
  const note = enough ? '' : `, fewer than ${minRows} by the end of its time`;
  return { kind: 'commit', reason: `nothing spoke against it in ${rows} rows${note}` };
}

export interface ProbationCriteria {
  /** It lasts at least so long. @default {10 min} */
  readonly minMs: number;
  /** Fewer errors than this are chance. @default {3} */
  readonly minErrors: number;
  /** Share of rows that may end in an error. @default {0.01} */
  readonly maxErrorShare: number;
}

export const DEFAULT_PROBATION: ProbationCriteria = {
  minMs: 600_000,
  minErrors: 3,
  maxErrorShare: 0.01,
};

/** Whether the served bundle has proved itself. */
export function judgeProbation(
  figures: { readonly rows: number; readonly errors: number; readonly elapsedMs: number },
  criteria: ProbationCriteria,
): Verdict {
  const { rows, errors, elapsedMs } = figures;
  const errorShare = share(errors, Math.max(rows, errors));
  if (errors >= criteria.minErrors && errorShare > criteria.maxErrorShare) {
    return {
      kind: 'rollback',
      reason: `${percent(errorShare)} of rows end in an error, ${percent(criteria.maxErrorShare)} may`,
    };
  }
  if (elapsedMs < criteria.minMs) return { kind: 'extend', reason: 'on probation' };
  return { kind: 'commit', reason: `${rows} rows answered, ${errors} errors` };
}
