// Parquet as a typed table: a row group at a time, decoded in a thread of its own.
import { InputError } from '@dandan/shared/error';
import type { Cell, TypedTable } from '@dandan/shared/telemetry-table';
import { MAX_COLUMNS } from '@dandan/shared/telemetry-table';
import {
  type FileMetaData,
  parquetMetadataAsync,
  parquetSchema,
  type SchemaElement,
} from 'hyparquet';
import { CODECS, parquetFile, refuseParquet } from '../../data/table/parquet-file.ts';
import { startParquetThread } from '../../data/table/parquet-thread.ts';
import type { FoundTable } from '../../data/text/find-table.ts';

/** Half a gigabyte of numbers: a row group of 1,048,576 rows with 60 columns. */
const MAX_GROUP_CELLS = 64 * 1024 * 1024;

interface TypedColumn {
  readonly title: string;
  readonly wallClock: boolean;
}

/** Dates that pandas writes without a time zone show a wall clock. */
function isWallClock({ logical_type: logical, converted_type: converted }: SchemaElement): boolean {
  if (logical?.type === 'TIMESTAMP') return !logical.isAdjustedToUTC;
  return logical?.type === 'DATE' || converted === 'DATE';
}

/** Whatever hyparquet throws for a broken file, as one error that names it. */
async function naming<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    return refuseParquet(name, (cause as Error).message, 'a complete Parquet file', cause);
  }
}

/** Lists and structs are no readings: they are not among the columns. */
function columnsOf(metadata: FileMetaData): TypedColumn[] {
  return parquetSchema(metadata)
    .children.filter(({ children }) => children.length === 0)
    .map(({ element }) => ({ title: element.name, wallClock: isWallClock(element) }));
}

/** Rows of each group; their sizes and codecs are checked before any page is read. */
function groupsOf(metadata: FileMetaData, name: string, wanted: ReadonlySet<string>): number[] {
  return metadata.row_groups.map(({ num_rows: size, columns }) => {
    const rows = Number(size);
    if (!(rows >= 0 && rows * wanted.size <= MAX_GROUP_CELLS)) {
      const allowed = `row groups of at most ${Math.floor(MAX_GROUP_CELLS / wanted.size)} rows`;
      refuseParquet(name, `a row group of ${rows} rows`, allowed);
    }
    for (const { meta_data: column } of columns) {
      const path = column?.path_in_schema.join('.') ?? '';
      const codec = column?.codec ?? 'an encrypted column';
      if (!wanted.has(path) || CODECS.includes(codec)) continue;
      refuseParquet(`${name}:${path}`, codec, `${CODECS.join(', ')} pages`);
    }
    return rows;
  });
}

/** Numbers in half the room that a list of them takes; other cells as they are. */
function pack(chunks: readonly ArrayLike<Cell>[], rows: number): ArrayLike<Cell> {
  const numbers = new Float64Array(rows);
  let at = 0;
  for (const chunk of chunks) {
    for (let i = 0; i < chunk.length && at < rows; i++) {
      const cell = chunk[i] ?? Number.NaN;
      if (typeof cell !== 'number') return chunks.flatMap((each) => Array.from(each));
      numbers[at++] = cell;
    }
  }
  return numbers.subarray(0, at);
}

/** Opens a Parquet file. @throws {InputError} `data-missing`, `data-invalid`. */
export async function openTypedTable(
  table: FoundTable,
  signal: AbortSignal | undefined,
): Promise<TypedTable> {
  const { name } = table;
  const buffer = await parquetFile(table);
  const metadata = await naming(name, () => parquetMetadataAsync(buffer));
  const columns = await naming(name, async () => columnsOf(metadata));
  const titles = columns.map(({ title }) => title);
  if (titles.length > MAX_COLUMNS) {
    refuseParquet(name, `${titles.length} columns`, `at most ${MAX_COLUMNS} columns`);
  }
  return {
    titles,
    rows: Number(metadata.num_rows),
    wallClocks: columns.map(({ wallClock }) => wallClock),
    async *read(positions) {
      const groupRows = groupsOf(metadata, name, new Set(positions.map((at) => titles[at])));
      await using thread = startParquetThread({ table, groupRows, signal });
      let rowStart = 0;
      for (const rows of groupRows) {
        const cells: (ArrayLike<Cell> | undefined)[] = titles.map(() => undefined);
        for (const at of positions) {
          const column = titles[at];
          const chunks = await thread.read({ column, rowStart, rowEnd: rowStart + rows });
          const packed = pack(chunks, rows);
          cells[at] = packed;
          if (packed.length >= rows) continue;
          refuseParquet(`${name}:${column}`, `${packed.length} values`, `${rows} values`);
        }
        yield { rows, columns: cells };
        rowStart += rows;
      }
    },
  };
}
