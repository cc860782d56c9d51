// A Parquet file as a typed table, a row group at a time.
import { InputError } from '@dandan/shared/error';
import type { Cell, TypedTable } from '@dandan/shared/telemetry-table';
import {
  type FileMetaData,
  parquetMetadataAsync,
  parquetSchema,
  type SchemaElement,
} from 'hyparquet';
import { parquetFile, refuseParquet } from './parquet-file.ts';
import { startParquetThread } from './parquet-thread.ts';

const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD'];

/** pyarrow's row groups of 1,048,576 rows with 30 columns: half a gigabyte while they are sent. */
const MAX_GROUP_CELLS = 32 * 1024 * 1024;

function check(metadata: FileMetaData, name: string, wanted: ReadonlySet<string>): number[] {
  return metadata.row_groups.map(({ num_rows: size, columns }) => {
    const rows = Number(size);
    if (!(rows >= 0 && rows * wanted.size <= MAX_GROUP_CELLS)) {
      const allowed = `row groups of at most ${Math.floor(MAX_GROUP_CELLS / wanted.size)} rows`;
      throw refuseParquet(name, `a row group of ${rows} rows`, allowed);
    }
    for (const { meta_data: column } of columns) {
      const path = column?.path_in_schema.join('.') ?? '';
      const codec = column?.codec ?? 'an encrypted column';
      if (!wanted.has(path) || CODECS.includes(codec)) continue;
      throw refuseParquet(`${name}:${path}`, codec, `${CODECS.join(', ')} pages`);
    }
    return rows;
  });
}

/** Dates that were written without a time zone show a wall clock. */
function isWallClock({ logical_type: logical, converted_type: converted }: SchemaElement): boolean {
  if (logical?.type === 'TIMESTAMP') return !logical.isAdjustedToUTC;
  return logical?.type === 'DATE' || converted === 'DATE';
}

/** Whatever hyparquet throws for a broken file, as one error that names it. */
async function naming<Value>(field: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw refuseParquet(field, (cause as Error).message, 'a complete Parquet file', cause);
  }
}

export interface ParquetTableOptions {
  readonly file: string;
  /** The file as errors call it. */
  readonly name: string;
  /** Time to decode a column beside that for its rows. @default {10 s, for a busy machine} */
  readonly baseTimeoutMs?: number | undefined;
  readonly signal: AbortSignal;
}

/** @throws {InputError} `data-missing`, `data-invalid`. */
export async function openTypedTable(options: ParquetTableOptions): Promise<TypedTable> {
  const { file, name, baseTimeoutMs, signal } = options;
  const buffer = await parquetFile(file, name);
  const { metadata, elements } = await naming(name, async () => {
    const read = await parquetMetadataAsync(buffer);
    const flat = parquetSchema(read).children.filter(({ children }) => children.length === 0);
    return { metadata: read, elements: flat.map(({ element }) => element) };
  });
  const titles = elements.map((element) => element.name);
  return {
    titles,
    rows: Number(metadata.num_rows),
    wallClocks: elements.map(isWallClock),
    async *read(positions) {
      const groupRows = check(metadata, name, new Set(positions.map((at) => titles[at])));
      const largestGroup = groupRows.reduce((most, rows) => Math.max(most, rows), 0);
      await using thread = startParquetThread({
        table: { file, name },
        largestGroup,
        ...(baseTimeoutMs === undefined ? {} : { baseTimeoutMs }),
        signal,
      });
      let rowStart = 0;
      for (const rows of groupRows) {
        const columns: (readonly Cell[] | undefined)[] = titles.map(() => undefined);
        for (const at of positions) {
          const column = titles[at];
          const read = await thread.read({ column, rowStart, rowEnd: rowStart + rows });
          if (read.length < rows) {
            throw refuseParquet(`${name}:${column}`, `${read.length} values`, `${rows} values`);
          }
          columns[at] = read;
        }
        yield { rows, columns };
        rowStart += rows;
      }
    },
  };
}
