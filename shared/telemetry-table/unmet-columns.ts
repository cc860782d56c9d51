// Columns that a layout describes and no file has: mostly a title that was misspelt.
import type { TableLayout } from './layout.ts';
import type { ReportProblem } from './problem.ts';

/** Titles named in a message. */
const MAX_SHOWN = 8;

export function reportUnmet(options: {
  /** Position of the source in the project. */
  readonly source: number;
  readonly columns: TableLayout['columns'];
  /** Of its files, and tags of their long tables; empty where none could be read. */
  readonly titles: ReadonlySet<string>;
  readonly report: ReportProblem;
}): void {
  const { source, columns = {}, titles, report } = options;
  if (titles.size === 0) return;
  for (const title of Object.keys(columns)) {
    if (titles.has(title)) continue;
    const others = [...titles].filter((each) => each !== '' && !Object.hasOwn(columns, each));
    const more = others.length > MAX_SHOWN ? ', …' : '';
    report({
      code: 'data-invalid',
      message: `No file of telemetry.${source} has a column or tag '${title}'`,
      field: `telemetry.${source}.columns.${title}`,
      value: title,
      allowed: `a title as the files have it: ${others.slice(0, MAX_SHOWN).join(', ')}${more}`,
    });
  }
}
