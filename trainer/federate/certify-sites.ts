// One certificate over the rows of many sites, from their counts alone.
import type { ErrorDetails } from '@dandan/shared/error';
import { InputError } from '@dandan/shared/error';
import type { Certification } from '../certify/certify.ts';
import { walkGrid } from '../certify/fixed-sequence.ts';
import {
  disagreementPValue,
  type ExitCounts,
  escalationPValue,
  nodesNeeded,
  type Promises,
} from '../certify/promise.ts';
import { THRESHOLDS } from './grids.ts';
import { MIN_SITE_ROWS } from './limits.ts';
import { poolContents } from './pooled.ts';
import type { SummaryContent } from './summary.ts';

/**
 * `mixture`: of all rows of all sites together, each site weighing as many rows as it counted.
 * `every-site`: at each single site.
 */
export const GUARANTEES = ['mixture', 'every-site'] as const;
export type Guarantee = (typeof GUARANTEES)[number];

/**
 * Sites differ, so that their disagreements together are no binomial but a sum of binomials of
 * different rates. Below its mean such a sum is rarer than the binomial of the mean rate (Hoeffding
 * 1956, Theorem 4), and no count with a p-value below a quarter is above the mean less one (Greenberg
 * & Mohri 2014): up to here the pooled test is valid whatever the sites are like.
 */
export const MAX_DELTA = 0.25;

/** The bound on such sums needs a limit that one row in n may miss, whatever n a site sends. */
const MAX_ESCALATION = 1 - 1 / MIN_SITE_ROWS;

export interface CertifySitesOptions {
  /** One per site; or one, the sum of all sites. */
  readonly contents: readonly SummaryContent[];
  readonly promises: Promises;
  /** At most {@linkcode MAX_DELTA}. */
  readonly delta: number;
  readonly guarantee: Guarantee;
  /** Multiply-accumulates of a row up to each stage. */
  readonly macsUpTo: readonly number[];
}

function refuse(message: string, details: ErrorDetails): never {
  throw new InputError('option-invalid', message, details);
}

function countsAt(
  { rows, rowsPerClass, thresholds }: SummaryContent,
  threshold: number,
  { promises, macsUpTo }: CertifySitesOptions,
): ExitCounts {
  const { disagreements, perClass, stops } = thresholds[THRESHOLDS.indexOf(threshold)];
  const { escalation } = promises;
  return {
    n: rows,
    disagreements,
    perClass: rowsPerClass.map((n, c) => ({ n: n ?? 0, disagreements: perClass[c] ?? 0 })),
    escalations: escalation
      ? stops.slice(escalation.stages).reduce((sum, count) => sum + count, 0)
      : 0,
    macs: stops.reduce((sum, count, k) => sum + count * macsUpTo[k], 0),
  };
}

/** @throws {InputError} `option-invalid` where a promise cannot be judged from these summaries. */
function checkPromises({ contents, promises, delta }: CertifySitesOptions): void {
  if (delta > MAX_DELTA) {
    refuse('Sites may differ: their pooled test holds for small δ only', {
      field: '--delta',
      value: delta,
      allowed: `at most ${MAX_DELTA}`,
    });
  }
  const limit = promises.escalation?.limit ?? 0;
  if (limit > MAX_ESCALATION) {
    refuse('A promise of escalations that nearly all rows may break is none', {
      field: '--escalation',
      value: limit,
      allowed: `at most ${MAX_ESCALATION}`,
    });
  }
  const withheld = contents.some(({ rowsPerClass }) => rowsPerClass.includes(null));
  if (promises.worstClass !== undefined && withheld) {
    refuse('A promise for every class needs the counts of every class', {
      field: '--worst-class',
      value: 'a site withholds classes with few rows',
      allowed: 'no such promise, more rows at that site, or masked summaries',
    });
  }
}

/**
 * Thresholds with a promise. The mixture's are those that one calibration on the rows of all sites
 * would give, for the counts are the same. For every site the p-value of a threshold is the largest of
 * the sites': if a single site breaks the promise, its own test fails with probability 1 − δ, so that
 * no share of δ has to be given to each (intersection–union test).
 *
 * @throws {InputError} `option-invalid`.
 */
export function certifySites(options: CertifySitesOptions): Certification {
  checkPromises(options);
  const { contents, promises, delta, guarantee } = options;
  const pooled = poolContents(contents);
  const judged = guarantee === 'mixture' ? [pooled] : contents;
  const found = walkGrid({
    early: pooled.thresholds[0].stops.length - 1,
    delta,
    escalations: promises.escalation !== undefined,
    at(threshold) {
      const each = judged.map((content) => countsAt(content, threshold, options));
      return {
        counts: countsAt(pooled, threshold, options),
        disagreement: Math.max(...each.map((counts) => disagreementPValue(counts, promises))),
        escalation: Math.max(...each.map((counts) => escalationPValue(counts, promises))),
      };
    },
  });
  const level = promises.escalation ? delta / 2 : delta;
  const needed = judged.map(({ rows, rowsPerClass }) =>
    nodesNeeded(
      promises,
      level,
      rowsPerClass.map((n) => (n ?? 0) / Math.max(1, rows)),
    ),
  );
  const early = pooled.thresholds[0].stops.length - 1;
  return {
    certified: found !== undefined,
    promises,
    delta,
    n: pooled.rows,
    needed: Math.max(...needed),
    method: 'fixed-sequence',
    thresholds: found?.thresholds ?? Array<null>(early).fill(null),
    counts: found?.counts,
  };
}
