// The titles of a table, looked up by name, with errors by file, line and column.
import { InputError } from '../error/index.ts';
import { MAX_COLUMNS, type NAMED_COLUMNS, runTitles, type TableLayout } from './layout.ts';
import { splitTitle } from './title.ts';

/** Titles named in a message. */
const MAX_SHOWN = 8;

export interface Titles {
  /** The line of titles as errors call it. */
  readonly place: string;
  /** Position of the column that a field of the layout names; `undefined` where it names none. */
  named(field: (typeof NAMED_COLUMNS)[number]): number | undefined;
  /** Positions of the columns that name runs. */
  runs(): number[];
  /** The first of these names (in lower case) that a column has which the layout leaves open. */
  guess(names: readonly string[], taken?: readonly (number | undefined)[]): number | undefined;
  missing(wanted: string, field: keyof TableLayout, otherwise?: string): never;
}

const lowerName = (title: string) => splitTitle(title).name.toLowerCase();

/** Names of columns, '' for those that the layout calls something else. */
function openNames(titles: readonly string[], { columns = {}, ignore }: TableLayout): string[] {
  return titles.map((title) =>
    ignore.includes(title) || Object.hasOwn(columns, title) ? '' : lowerName(title),
  );
}

/** Position of the first of `names` among the columns that the layout leaves open. */
export function guessColumn(
  titles: readonly string[],
  layout: TableLayout,
  names: readonly string[],
): number | undefined {
  const open = openNames(titles, layout);
  return names.map((each) => open.indexOf(each)).find((at) => at >= 0);
}

/** @throws {InputError} `data-invalid` for a title that stands twice, and for too many. */
export function lookUpTitles(options: {
  readonly titles: readonly string[];
  /** The file as errors call it. */
  readonly name: string;
  /** Line of the titles; `undefined` for Parquet. */
  readonly line: number | undefined;
  readonly layout: TableLayout;
}): Titles {
  const { titles, name, line, layout } = options;
  const place = line === undefined ? name : `${name}:${line}`;

  function refuse(column: string | undefined, value: string, allowed: string): never {
    const field = column === undefined ? place : `${place}:${column}`;
    throw new InputError('data-invalid', `${field} is not usable`, { field, value, allowed });
  }

  function missing(wanted: string, field: keyof TableLayout, otherwise = 'of another name'): never {
    const value = titles.slice(0, MAX_SHOWN).join(',');
    return refuse(undefined, value, `a column ${wanted}, or ${field} ${otherwise}`);
  }

  function byTitle(title: string, field: keyof TableLayout): number {
    const at = titles.indexOf(title);
    return at >= 0 ? at : missing(`'${title}'`, field);
  }

  if (titles.length > MAX_COLUMNS) {
    refuse(undefined, `${titles.length} columns`, `at most ${MAX_COLUMNS} columns`);
  }
  const twice = titles.find(
    (each, at) => each !== '' && titles.indexOf(each) !== at && !layout.ignore.includes(each),
  );
  if (twice !== undefined) {
    refuse(twice, `${twice} twice`, 'different names, or ignore with this one');
  }
  return {
    place,
    missing,
    named(field) {
      const title = layout[field];
      return title === undefined ? undefined : byTitle(title, field);
    },
    runs: () => runTitles(layout).map((title) => byTitle(title, 'runColumn')),
    guess(names, taken = []) {
      const free = titles.map((each, at) => (taken.includes(at) ? '' : each));
      return guessColumn(free, layout, names);
    },
  };
}
