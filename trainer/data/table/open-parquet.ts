// Parquet as a table source: one column of one row group in memory at a time.
import { InputError } from '@dandan/shared/error';
import { type FileMetaData, parquetMetadataAsync, parquetSchema } from 'hyparquet';
import { MAX_EDGES, MAX_TABLE_COLUMNS } from '../limits.ts';
import type { FoundTable } from '../text/find-table.ts';
import { CODECS, parquetFile, refuseParquet as refuse } from './parquet-file.ts';
import { type ParquetThread, startParquetThread } from './parquet-thread.ts';
import type { Cell, ReadCellsOptions, TableSource } from './table-source.ts';

/** Sizes and codecs, checked before any page is read. */
function checkMetadata(metadata: FileMetaData, name: string): void {
  let rows = 0;
  for (const group of metadata.row_groups) {
    const size = Number(group.num_rows);
    if (!(size >= 0)) refuse(name, size, 'row groups of 0 or more rows');
    rows += size;
    for (const { meta_data: column } of group.columns) {
      const codec = column?.codec ?? 'an encrypted column';
      if (CODECS.includes(codec)) continue;
      refuse(`${name}:${column?.path_in_schema.join('.')}`, codec, `${CODECS.join(', ')} pages`);
    }
  }
  if (rows !== Number(metadata.num_rows)) {
    refuse(name, `${rows} rows in groups`, `${metadata.num_rows} rows, as the footer says`);
  }
  // The larger of the two tables' limits; nodes are counted again where they are read.
  if (rows > MAX_EDGES) refuse(name, `${rows} rows`, `at most ${MAX_EDGES} rows`);
}

/** Whatever hyparquet throws for a broken file, as one error that names it. */
async function naming<Value>(field: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    return refuse(field, (cause as Error).message, 'a complete Parquet file', cause);
  }
}

async function readColumn(
  thread: ParquetThread,
  { metadata, name, column }: { metadata: FileMetaData; name: string; column: string },
  onCell: (row: number, cell: Cell) => void,
): Promise<void> {
  let rowStart = 0;
  for (const { num_rows: size } of metadata.row_groups) {
    const rowEnd = rowStart + Number(size);
    let row = rowStart;
    for (const chunk of await thread.read({ column, rowStart, rowEnd })) {
      for (let i = 0; i < chunk.length && row < rowEnd; i++) onCell(row++, chunk[i]);
    }
    if (row < rowEnd) refuse(`${name}:${row + 1}:${column}`, 'no value', `${rowEnd} values`);
    rowStart = rowEnd;
  }
}

/** Opens a Parquet file. @throws {InputError} `data-missing`, `data-invalid`. */
export async function openParquet(table: FoundTable): Promise<TableSource> {
  const { name } = table;
  const buffer = await parquetFile(table);
  const metadata = await naming(name, async () => {
    const read = await parquetMetadataAsync(buffer);
    checkMetadata(read, name);
    return read;
  });
  const { children } = await naming(name, async () => parquetSchema(metadata));
  const columns = children.map(({ element }) => element.name);
  if (columns.length > MAX_TABLE_COLUMNS) {
    refuse(name, `${columns.length} columns`, `at most ${MAX_TABLE_COLUMNS} columns`);
  }

  async function read({ positions, onCell, issues, signal }: ReadCellsOptions): Promise<void> {
    const groupRows = metadata.row_groups.map(({ num_rows: size }) => Number(size));
    await using thread = startParquetThread({ table, groupRows, signal });
    for (const [place, position] of positions.entries()) {
      const column = columns[position];
      if (children[position].children.length > 0) {
        issues.report({
          code: 'data-invalid',
          message: `${name}: the column ${column} is nested`,
          field: `${name}:${column}`,
          value: 'a list or a struct',
          allowed: 'one value a row; spread lists over columns',
        });
        continue;
      }
      const onValue = (row: number, cell: Cell) => onCell(row, place, cell, row + 1);
      await readColumn(thread, { metadata, name, column }, onValue);
    }
  }

  return { name, unit: 'row', columns, rows: Number(metadata.num_rows), read };
}
