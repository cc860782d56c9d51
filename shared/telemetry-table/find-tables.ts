// The files of a source, in the order of their names.
import { compilePattern, joinPlaceholders, type PatternPart } from './file-pattern.ts';
import type { ReportProblem } from './problem.ts';
import type { Placeholders } from './table-columns.ts';
import type { TableStore } from './table-store.ts';

export interface FoundTable {
  /** Relative to the project, with `/`. */
  readonly path: string;
  readonly placeholders: Placeholders;
  readonly format: 'csv' | 'parquet';
  readonly bytes: number;
}

/** A file an hour for a year. */
export const MAX_FILES = 10_000;

const TEXT = /\.(csv|tsv|txt)(\.gz)?$/i;
const PARQUET = /\.(parquet|pq)$/i;

export const TABLE_WORDS = '.csv, .tsv, .txt (also .gz) and .parquet';

/** The order of code units, which is the same everywhere. */
const byName = (a: { readonly name: string }, b: { readonly name: string }) =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

function formatOf(name: string): FoundTable['format'] | undefined {
  if (TEXT.test(name)) return 'csv';
  return PARQUET.test(name) ? 'parquet' : undefined;
}

export interface FindTablesOptions {
  readonly patterns: readonly string[];
  /** Of the patterns, as problems call it. */
  readonly field: string;
  readonly store: TableStore;
  readonly report: ReportProblem;
  readonly signal?: AbortSignal | undefined;
}

/** A file that two patterns find is there once. @throws {InputError} `option-invalid`. */
export async function findTables(options: FindTablesOptions): Promise<FoundTable[]> {
  const { patterns, field, store, report, signal } = options;
  const found = new Map<string, FoundTable>();

  function refuse(path: string, value: string, allowed: string): void {
    const message = `${path} cannot be read as telemetry`;
    report({ code: 'data-invalid', message, field: path, value, allowed });
  }

  function add(path: string, bytes: number, placeholders: Placeholders): void {
    const format = formatOf(path);
    if (format === undefined) refuse(path, path, TABLE_WORDS);
    else if (found.size < MAX_FILES) found.set(path, { path, placeholders, format, bytes });
    else if (found.size === MAX_FILES) refuse(path, `file ${MAX_FILES + 1}`, `${MAX_FILES} files`);
  }

  async function walk(folder: string, parts: readonly PatternPart[], said: Placeholders) {
    signal?.throwIfAborted();
    const [part, ...rest] = parts;
    const entries = (await store.list(folder)) ?? [];
    for (const { name, kind, bytes } of entries.toSorted(byName)) {
      const more = part.match(name);
      if (more === undefined) continue;
      const path = folder === '' ? name : `${folder}/${name}`;
      const placeholders = joinPlaceholders(said, more);
      if (kind === 'outside') refuse(path, 'a link', 'files within the folder of plant.yaml');
      else if (kind === 'folder' && rest.length > 0) await walk(path, rest, placeholders);
      else if (kind === 'file' && rest.length === 0) add(path, bytes, placeholders);
    }
  }

  for (const pattern of patterns) {
    const before = found.size;
    const parts = compilePattern(pattern, field);
    await walk('', parts, {});
    const known = [...found.keys()].some((path) => fits(path, parts));
    if (found.size > before || known) continue;
    report({
      code: 'data-missing',
      message: `No file is called ${pattern}`,
      field,
      value: pattern,
      allowed: 'a file below the folder of plant.yaml, as telemetry/*.csv',
    });
  }
  return [...found.values()];
}

function fits(path: string, parts: readonly PatternPart[]): boolean {
  const names = path.split('/');
  return names.length === parts.length && parts.every((part, at) => part.match(names[at]));
}
