// Parquet as a table source: one column of one row group in memory at a time.
import { open } from 'node:fs/promises';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { InputError } from '@dandan/shared/error';
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
} from 'hyparquet';
import { MAX_EDGES, MAX_PARQUET_FOOTER_BYTES, MAX_TABLE_COLUMNS } from '../limits.ts';
import type { FoundTable } from '../text/find-table.ts';
import type { Cell, ReadCellsOptions, TableSource } from './table-source.ts';

/** Beside these hyparquet itself reads uncompressed and Snappy pages. */
const COMPRESSORS: Compressors = {
  GZIP: (input, maxOutputLength) => gunzipSync(input, { maxOutputLength }),
  BROTLI: (input, maxOutputLength) => brotliDecompressSync(input, { maxOutputLength }),
  ZSTD: (input, maxOutputLength) => zstdDecompressSync(input, { maxOutputLength }),
};

const CODECS = ['UNCOMPRESSED', 'SNAPPY', ...Object.keys(COMPRESSORS)];

const MAGIC = 'PAR1';
/** Footer length (4 bytes) and the magic. */
const TAIL_BYTES = 8;

function refuse(field: string, value: unknown, allowed: string, cause?: unknown): never {
  const message = `${field.split(':')[0]} is not a Parquet file that can be read`;
  throw new InputError('data-invalid', message, { field, value, allowed, cause });
}

/** Reads ranges of a file that is opened anew for each: a graph has two tables of few columns. */
async function fileBuffer({ path, name }: FoundTable): Promise<AsyncBuffer> {
  async function slice(start: number, end: number): Promise<ArrayBuffer> {
    await using handle = await open(path);
    const bytes = new Uint8Array(end - start);
    // One read stops at 2 GiB.
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at);
      if (bytesRead === 0) refuse(name, `${start + at} bytes`, 'a complete file');
      at += bytesRead;
    }
    return bytes.buffer;
  }

  try {
    await using handle = await open(path);
    const { size } = await handle.stat();
    if (size < 2 * TAIL_BYTES) refuse(name, `${size} bytes`, 'a complete Parquet file');
    const tail = Buffer.from(await slice(size - TAIL_BYTES, size));
    if (tail.toString('latin1', 4) !== MAGIC)
      refuse(name, undefined, `a file that ends in ${MAGIC}`);
    const footer = tail.readUInt32LE(0);
    const most = Math.min(MAX_PARQUET_FOOTER_BYTES, size - TAIL_BYTES);
    if (footer > most) refuse(name, `a footer of ${footer} bytes`, `at most ${most} bytes`);
    return {
      byteLength: size,
      slice(start, end = size) {
        if (start >= 0 && start <= end && end <= size) return slice(start, end);
        return refuse(name, `bytes ${start}..${end}`, `pages within 0..${size}`);
      },
    };
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError('data-missing', `Cannot read ${name}`, {
      field: name,
      value: (cause as NodeJS.ErrnoException).code,
      allowed: 'a readable file',
      cause,
    });
  }
}

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
  { buffer, metadata, name }: { buffer: AsyncBuffer; metadata: FileMetaData; name: string },
  column: string,
  {
    onCell,
    signal,
  }: { onCell: (row: number, cell: Cell) => void; signal: AbortSignal | undefined },
): Promise<void> {
  let rowStart = 0;
  for (const { num_rows: size } of metadata.row_groups) {
    signal?.throwIfAborted();
    const rowEnd = rowStart + Number(size);
    const chunks: ArrayLike<Cell>[] = [];
    // Only kept here: what a callback throws inside the library is nobody's.
    const onChunk = ({ columnData }: { columnData: ArrayLike<Cell> }) => {
      chunks.push(columnData);
    };
    const options = { file: buffer, metadata, columns: [column], rowStart, rowEnd };
    await parquetRead({ ...options, compressors: COMPRESSORS, onChunk });
    let row = rowStart;
    for (const chunk of chunks) {
      for (let i = 0; i < chunk.length && row < rowEnd; i++) onCell(row++, chunk[i]);
    }
    if (row < rowEnd) refuse(`${name}:${row + 1}:${column}`, 'no value', `${rowEnd} values`);
    rowStart = rowEnd;
  }
}

/** Opens a Parquet file. @throws {InputError} `data-missing`, `data-invalid`. */
export async function openParquet(table: FoundTable): Promise<TableSource> {
  const { name } = table;
  const buffer = await fileBuffer(table);
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
    for (const [place, position] of positions.entries()) {
      const column = columns[position];
      const nested = children[position].children.length > 0;
      if (nested) {
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
      const source = { buffer, metadata, name };
      await naming(`${name}:${column}`, () =>
        readColumn(source, column, { onCell: onValue, signal }),
      ).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw error;
      });
    }
  }

  return { name, unit: 'row', columns, rows: Number(metadata.num_rows), read };
}
