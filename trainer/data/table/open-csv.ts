// CSV, plain or gzip, as a table source.
import { InputError } from '@dandan/shared/error';
import { splitFields } from '@dandan/shared/telemetry-table';
import { MAX_TABLE_COLUMNS } from '../limits.ts';
import type { FoundTable } from '../text/find-table.ts';
import { readLines } from '../text/read-lines.ts';
import { readTable } from '../text/read-table.ts';
import type { TableSource } from './table-source.ts';

export interface OpenCsvOptions {
  /** Characters that may separate fields; the header decides. @default {','} */
  readonly delimiters?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Which of `delimiters` the header has most of; the first where it has none. */
function delimiterOf(header: string, delimiters: string): string {
  const count = (delimiter: string) => header.split(delimiter).length;
  return [...delimiters].reduce((best, other) => (count(other) > count(best) ? other : best));
}

async function readHeader({ path, name }: FoundTable, options: OpenCsvOptions) {
  const { signal, delimiters = ',' } = options;
  let header: string | undefined;
  for await (const lines of readLines({ path, name, signal })) {
    if (lines.length === 0) continue;
    header = lines[0];
    break;
  }
  const delimiter = delimiterOf(header ?? '', delimiters);
  const columns = splitFields(header ?? '', delimiter)?.map((title) => title.trim());
  const twice = columns?.find((title, i) => title !== '' && columns.indexOf(title) !== i);
  if (columns && header && twice === undefined && columns.length <= MAX_TABLE_COLUMNS) {
    return { columns, delimiter };
  }
  throw new InputError('data-invalid', `${name} does not begin with a line of column names`, {
    field: `${name}:1`,
    value: twice === undefined ? header : `${twice} twice`,
    allowed: `at most ${MAX_TABLE_COLUMNS} different names, comma-separated`,
  });
}

/** Opens a CSV file with a header line. @throws {InputError} `data-missing`, `data-invalid`. */
export async function openCsv(
  table: FoundTable,
  options: OpenCsvOptions = {},
): Promise<TableSource> {
  const { columns, delimiter } = await readHeader(table, options);
  return {
    name: table.name,
    unit: 'line',
    columns,
    rows: undefined,
    async read({ positions, onCell, ...common }) {
      let row = 0;
      await readTable({
        ...table,
        ...common,
        delimiter,
        columns: positions.map((position) => columns[position]),
        onRow(fields, line) {
          for (let place = 0; place < fields.length; place++) {
            onCell(row, place, fields[place], line);
          }
          row++;
        },
      });
    },
  };
}
