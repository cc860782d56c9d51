// The sum of many sites' numbers.
import { InputError } from '@dandan/shared/error';
import { LOG_TEMPERATURES, THRESHOLDS } from './grids.ts';
import type { SummaryContent } from './summary.ts';

const add = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b);

const addAll = (a: readonly (number | null)[], b: readonly (number | null)[]) =>
  a.map((value, i) => add(value, b[i]));

const addCounts = (a: readonly number[], b: readonly number[]) => a.map((value, i) => value + b[i]);

function addTemperatures(
  a: SummaryContent['temperatures'],
  b: SummaryContent['temperatures'],
): SummaryContent['temperatures'] {
  // A site with few labels adds none; the others still do.
  if (a === null || b === null) return a ?? b;
  return { rows: a.rows + b.rows, nll: a.nll.map((sums, k) => addCounts(sums, b.nll[k])) };
}

/** A class that one site withholds is withheld in the sum. */
export function poolContents(contents: readonly SummaryContent[]): SummaryContent {
  return contents.reduce((a, b) => ({
    rows: a.rows + b.rows,
    rowsPerClass: addAll(a.rowsPerClass, b.rowsPerClass),
    thresholds: a.thresholds.map((each, t) => {
      const other = b.thresholds[t];
      return {
        disagreements: each.disagreements + other.disagreements,
        perClass: addAll(each.perClass, other.perClass),
        stops: addCounts(each.stops, other.stops),
      };
    }),
    temperatures: addTemperatures(a.temperatures, b.temperatures),
  }));
}

const sumOf = (counts: readonly (number | null)[]) =>
  counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);

/**
 * What no rows can have counted is refused: an altered file, or masks that do not cancel.
 *
 * @throws {InputError} `data-invalid`.
 */
export function checkContent(
  content: SummaryContent,
  { site, classes, stages }: { site: string; classes: number; stages: number },
): void {
  const refuse = (field: string, value: unknown, allowed: string): never => {
    throw new InputError('data-invalid', `The summary of ${site} contradicts itself`, {
      field,
      value,
      allowed,
    });
  };
  const { rows, rowsPerClass, thresholds, temperatures } = content;
  if (rowsPerClass.length !== classes) {
    refuse('content.rowsPerClass', rowsPerClass.length, `${classes} classes, as the bundle has`);
  }
  const known = sumOf(rowsPerClass);
  const isWhole = !rowsPerClass.includes(null);
  if (known > rows || (isWhole && known !== rows)) {
    refuse('content.rowsPerClass', known, `${rows} rows in all classes`);
  }
  if (thresholds.length !== THRESHOLDS.length) {
    refuse('content.thresholds', thresholds.length, `${THRESHOLDS.length} thresholds`);
  }
  let stopped = 0;
  thresholds.forEach(({ disagreements, perClass, stops }, t) => {
    const at = `content.thresholds.${t}`;
    if (stops.length !== stages) refuse(`${at}.stops`, stops.length, `${stages} stages`);
    if (sumOf(stops) !== rows) refuse(`${at}.stops`, sumOf(stops), `${rows} rows in all stages`);
    const early = rows - stops[stages - 1];
    // A lower threshold stops whatever a higher one did.
    if (early < stopped) refuse(`${at}.stops`, early, `at least ${stopped} rows that stop early`);
    stopped = early;
    if (disagreements > early) {
      refuse(`${at}.disagreements`, disagreements, `at most ${early}, the rows that stop early`);
    }
    const isKnown = (c: number) => (perClass[c] === null) === (rowsPerClass[c] === null);
    const fits = perClass.every((own, c) => (own ?? 0) <= (rowsPerClass[c] ?? rows) && isKnown(c));
    if (perClass.length !== classes || !fits) {
      refuse(`${at}.perClass`, perClass.length, 'as many as the rows of each class, at most');
    }
    const sum = sumOf(perClass);
    if (sum > disagreements || (isWhole && sum !== disagreements)) {
      refuse(`${at}.perClass`, sum, `${disagreements} disagreements in all classes`);
    }
  });
  if (temperatures === null) return;
  const { nll } = temperatures;
  if (nll.length !== stages || nll.some((sums) => sums.length !== LOG_TEMPERATURES.length)) {
    refuse('content.temperatures.nll', nll.length, `${stages} stages`);
  }
}
