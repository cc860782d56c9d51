// Parquet as a source, a row group at a time. Loaded by simulations of Parquet alone: the gateway
// itself never reads it.
import { basename } from 'node:path';
import { InputError } from '@dandan/shared/error';
import type { Sample } from '@dandan/shared/features';
import { type FileMetaData, parquetMetadataAsync, parquetSchema } from 'hyparquet';
import { parquetFile, refuseParquet } from './parquet-file.ts';
import { startParquetThread } from './parquet-thread.ts';
import { type Cell, createRowReader } from './row-reader.ts';
import type { SampleSource } from './sample-source.ts';
import { findColumns, type TableColumns, type TableOptions } from './table-columns.ts';

const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD'];

/** pyarrow's row groups of 1,048,576 rows with 30 columns: half a gigabyte while they are sent. */
const MAX_GROUP_CELLS = 32 * 1024 * 1024;

/** Rows handed on at a time. */
const BATCH_ROWS = 1000;

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

function positionsOf({ time, asset, values }: TableColumns): number[] {
  const own = typeof asset === 'number' ? [time, asset] : [time];
  if (values.kind === 'long') return [...own, values.channel, values.value];
  return [...own, ...values.channels.map(([at]) => at)];
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

export interface ParquetOptions extends TableOptions {
  /** Time to decode a column beside that for its rows. @default {10 s, for a busy machine} */
  readonly baseTimeoutMs?: number;
}

/** Opens a Parquet file; nothing is read before `read`. */
export function openParquet(options: ParquetOptions): SampleSource {
  const { file, baseTimeoutMs } = options;
  const name = basename(file);

  async function readHeader() {
    const buffer = await parquetFile(file, name);
    const { metadata, titles } = await naming(name, async () => {
      const read = await parquetMetadataAsync(buffer);
      const { children } = parquetSchema(read);
      const flat = children.filter((child) => child.children.length === 0);
      return { metadata: read, titles: flat.map(({ element }) => element.name) };
    });
    const columns = findColumns(titles, name, options);
    const positions = [...new Set(positionsOf(columns))];
    const groupRows = check(metadata, name, new Set(positions.map((at) => titles[at])));
    return { titles, columns, positions, groupRows };
  }

  return {
    name,
    units: new Map(),
    async *read(signal) {
      const { titles, columns, positions, groupRows } = await readHeader();
      const readRow = createRowReader({ columns, titles, name });
      const largestGroup = groupRows.reduce((most, rows) => Math.max(most, rows), 0);
      await using thread = startParquetThread({
        table: { file, name },
        largestGroup,
        ...(baseTimeoutMs === undefined ? {} : { baseTimeoutMs }),
        signal,
      });
      let rowStart = 0;
      for (const rows of groupRows) {
        const cells: (readonly Cell[])[] = [];
        for (const at of positions) {
          const column = titles[at];
          const read = await thread.read({ column, rowStart, rowEnd: rowStart + rows });
          if (read.length < rows) {
            throw refuseParquet(`${name}:${column}`, `${read.length} values`, `${rows} values`);
          }
          cells[at] = read;
        }
        for (let row = 0; row < rows; row += BATCH_ROWS) {
          const samples: Sample[] = [];
          for (let i = row; i < Math.min(rows, row + BATCH_ROWS); i++) {
            const fields = cells.map((column) => column[i]);
            // Line 1 of a CSV file is its header; rows of Parquet count from 1.
            for (const sample of readRow(fields, rowStart + i + 1)) samples.push(sample);
          }
          yield samples;
        }
        rowStart += rows;
      }
    },
  };
}
