// A small table that people fill in by hand: label sheets, topologies, lists of machines. CSV with
// any usual separator, or Parquet, row by row with the line of each.
import { join } from 'node:path';
import { InputError } from '@dandan/shared/error';
import type { IssueCollector } from '../../data/issues.ts';
import { openCsv } from '../../data/table/open-csv.ts';
import { openParquet } from '../../data/table/open-parquet.ts';
import type { Cell, TableSource } from '../../data/table/table-source.ts';

/** Ten years of an incident an hour; larger tables are telemetry that was named by mistake. */
const MAX_ROWS = 100_000;

/** Spreadsheets write the separator of their country. */
const DELIMITERS = ',;\t';

export interface SheetColumn {
  /** Key of its cells in {@linkcode SheetRow}. */
  readonly key: string;
  /** Titles in lower case, the first that a sheet has counts. */
  readonly titles: readonly string[];
  /** Whether a sheet without it is refused. @default {false} */
  readonly isNeeded?: boolean;
}

export interface SheetRow {
  /** 1-based line, or row of a Parquet file. */
  readonly line: number;
  /** By the column's key; `undefined` where the sheet does not have it. */
  readonly cells: Readonly<Partial<Record<string, SheetCell>>>;
}

/** What {@linkcode Cell} says, and dates, which Parquet files hold. */
export type SheetCell = Cell | Date;

export interface Sheet {
  /** As messages call it, relative to the folder. */
  readonly name: string;
  readonly unit: 'line' | 'row';
  readonly rows: readonly SheetRow[];
  /** Titles of the columns found, by key. */
  readonly titles: Readonly<Partial<Record<string, string>>>;
  /** Titles of columns that nobody reads. */
  readonly unread: readonly string[];
}

export interface ReadSheetOptions {
  readonly folder: string;
  /** Relative to the folder, with `/`; .csv, .csv.gz, .tsv or .parquet. */
  readonly name: string;
  readonly columns: readonly SheetColumn[];
  readonly issues: IssueCollector;
  readonly signal?: AbortSignal | undefined;
}

/** Text of a cell without blanks around it; '' where it is empty. */
export function cellText(cell: SheetCell): string {
  if (cell === null || cell === undefined) return '';
  return cell instanceof Date ? cell.toISOString() : String(cell).trim();
}

async function openSheet({ folder, name, signal }: ReadSheetOptions): Promise<TableSource> {
  const table = { path: join(folder, name), name };
  if (name.toLowerCase().endsWith('.parquet')) return openParquet(table);
  return openCsv(table, { delimiters: DELIMITERS, signal });
}

function findColumns(source: TableSource, columns: readonly SheetColumn[]): Map<string, number> {
  const titles = source.columns.map((title) => title.toLowerCase());
  const found = new Map<string, number>();
  for (const { key, titles: names, isNeeded = false } of columns) {
    const name = names.find((each) => titles.includes(each));
    if (name !== undefined) found.set(key, titles.indexOf(name));
    else if (isNeeded) {
      const place = source.unit === 'line' ? `${source.name}:1` : source.name;
      throw new InputError('data-invalid', `${source.name} has no column '${names[0]}'`, {
        field: `${place}:${names[0]}`,
        value: source.columns.slice(0, 8).join(','),
        allowed: `a column named ${names.join(' or ')}`,
      });
    }
  }
  return found;
}

async function readRows(options: ReadSheetOptions): Promise<Sheet> {
  const { columns, issues, signal } = options;
  const source = await openSheet(options);
  const found = findColumns(source, columns);
  const keys = [...found.keys()];
  const rows: { line: number; cells: Record<string, SheetCell> }[] = [];
  const tooMany = () =>
    new InputError('data-invalid', `${source.name} has more than ${MAX_ROWS} rows`, {
      field: `${source.name}:${MAX_ROWS + 2}`,
      allowed: `at most ${MAX_ROWS} rows`,
    });
  if ((source.rows ?? 0) > MAX_ROWS) throw tooMany();
  await source.read({
    positions: [...found.values()],
    issues,
    signal,
    onCell(row, place, cell, line) {
      if (row >= MAX_ROWS) throw tooMany();
      rows[row] ??= { line, cells: {} };
      rows[row].cells[keys[place]] = cell;
    },
  });
  const isEmpty = ({ cells }: SheetRow) => keys.every((key) => cellText(cells[key]) === '');
  const read = new Set(found.values());
  return {
    name: source.name,
    unit: source.unit,
    rows: rows.filter((row) => !isEmpty(row)),
    titles: Object.fromEntries([...found].map(([key, at]) => [key, source.columns[at]])),
    unread: source.columns.filter((title, at) => title !== '' && !read.has(at)),
  };
}

/**
 * Reads a sheet. Broken rows are reported and left out, empty ones are skipped.
 *
 * @returns `undefined` only when `issues` took a problem after which there is no sheet.
 */
export async function readSheet(options: ReadSheetOptions): Promise<Sheet | undefined> {
  try {
    return await readRows(options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { code, message, field = options.name, value, allowed = '', cause } = error;
    options.issues.report({ code, message, field, value, allowed, cause });
    return undefined;
  }
}
