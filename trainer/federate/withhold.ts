// Counts of classes that few rows have are left out before a summary leaves the site.
import { MIN_CLASS_ROWS } from './limits.ts';
import type { SummaryContent } from './summary.ts';

/**
 * The classes to withhold. What is left out must not come back by subtraction from the total: the
 * next smallest classes join until those withheld have enough rows together, and are two at least.
 */
function withheldClasses(rowsPerClass: readonly (number | null)[]): Set<number> {
  const present = [...rowsPerClass.keys()]
    .map((c) => ({ c, rows: rowsPerClass[c] ?? 0 }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => a.rows - b.rows || a.c - b.c);
  const withheld = new Set<number>();
  let rows = 0;
  for (const each of present) {
    const enough = withheld.size === 0 || (withheld.size > 1 && rows >= MIN_CLASS_ROWS);
    if (each.rows >= MIN_CLASS_ROWS && enough) break;
    withheld.add(each.c);
    rows += each.rows;
  }
  return withheld;
}

/** The content without the counts of small classes. */
export function withhold(content: SummaryContent): SummaryContent {
  const withheld = withheldClasses(content.rowsPerClass);
  const shown = (counts: readonly (number | null)[]) =>
    counts.map((count, c) => (withheld.has(c) ? null : count));
  return {
    ...content,
    rowsPerClass: shown(content.rowsPerClass),
    thresholds: content.thresholds.map((each) => ({ ...each, perClass: shown(each.perClass) })),
  };
}
