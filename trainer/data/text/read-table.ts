// A CSV file with a header, row by row, columns found by name.
import { InputError } from '@dandan/shared/error';
import { splitFields } from '@dandan/shared/telemetry-table';
import { type IssueCollector, shorten } from '../issues.ts';
import { readLines } from './read-lines.ts';

export interface ReadTableOptions {
  readonly path: string;
  /** The file as errors call it. */
  readonly name: string;
  /** One character. @default {','} */
  readonly delimiter?: string | undefined;
  /** Columns the header must name, in any order; others are ignored. */
  readonly columns: readonly string[];
  /** Columns that may be missing; their fields read as ''. @default {[]} */
  readonly optionalColumns?: readonly string[];
  /** Fields in the order of `columns`, then `optionalColumns`; `line` is 1-based. */
  readonly onRow: (fields: readonly string[], line: number) => void;
  readonly issues: IssueCollector;
  readonly signal?: AbortSignal | undefined;
}

/** Position of each wanted column in the header, −1 where absent. */
function findColumns(header: string, options: ReadTableOptions): number[] {
  const { name, columns, optionalColumns = [], delimiter } = options;
  const titles = (splitFields(header, delimiter) ?? []).map((title) => title.trim());
  for (const column of columns) {
    if (titles.includes(column)) continue;
    throw new InputError('data-invalid', `${name} has no column '${column}'`, {
      field: `${name}:1:${column}`,
      value: shorten(header),
      allowed: `a header with ${columns.join(',')}`,
    });
  }
  return [...columns, ...optionalColumns].map((column) => titles.indexOf(column));
}

/**
 * Reads a table. Empty lines are skipped. Problems go to `issues`; where it
 * returns, reading goes on with the next line.
 */
export async function readTable(options: ReadTableOptions): Promise<void> {
  const { name, onRow, issues, signal, path, delimiter = ',' } = options;
  let positions: number[] | undefined;
  let line = 0;
  try {
    for await (const lines of readLines({ path, name, signal })) {
      for (const text of lines) {
        line++;
        if (positions === undefined) {
          positions = findColumns(text, options);
          continue;
        }
        if (text === '') continue;
        const fields = splitFields(text, delimiter);
        const needed = Math.max(...positions) + 1;
        if (fields !== undefined && fields.length >= needed) {
          onRow(
            positions.map((position) => (position < 0 ? '' : fields[position])),
            line,
          );
          continue;
        }
        issues.report({
          code: 'data-invalid',
          message: `${name} line ${line} does not have the columns of the header`,
          field: `${name}:${line}`,
          value: shorten(text),
          allowed: `at least ${needed} comma-separated fields, quotes closed`,
        });
      }
    }
    if (positions === undefined) findColumns('', options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { code, message, field = name, value, allowed = '', cause } = error;
    issues.report({ code, message, field, value, allowed, cause });
  }
}
