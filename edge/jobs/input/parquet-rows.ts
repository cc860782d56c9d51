// The rows of a Parquet chunk: one row group, its columns turned into rows.
import type { Cascade } from '@dandan/shared/cascade';
import { InputError } from '@dandan/shared/error';
import type { ColumnMetaData, DecodedArray, FileMetaData } from 'hyparquet';
import { readColumn } from 'hyparquet/src/column.js';
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js';
import { parquetSchema } from 'hyparquet/src/metadata.js';
import { getTreePath } from 'hyparquet/src/schema.js';
import type { PlannedChunk } from '../job.ts';
import type { Profile } from '../profile.ts';
import { type ChunkRows, checkFinite, RowError } from './chunk-rows.ts';
import type { InputSource } from './input-source.ts';
import { asMalformed, beginOf, columnsOf, readFooter } from './parquet-file.ts';
import { checkedId } from './text-records.ts';

const endOf = (column: ColumnMetaData) => beginOf(column) + Number(column.total_compressed_size);

/** Columns may be packed, and others lie between them: twice the floats is room for both. */
const SLACK = 2;

/** Reads the bytes from the first to the last of `columns`, and decodes one of them at a time. */
async function openColumns(
  source: InputSource,
  {
    metadata,
    columns,
    rows,
    maxBytes,
  }: {
    readonly metadata: FileMetaData;
    readonly columns: readonly ColumnMetaData[];
    readonly rows: number;
    readonly maxBytes: number;
  },
): Promise<(column: ColumnMetaData) => DecodedArray> {
  const begin = Math.min(...columns.map(beginOf));
  const length = Math.max(...columns.map(endOf)) - begin;
  const unpacked = columns.reduce((sum, each) => sum + Number(each.total_uncompressed_size), 0);
  if (!(begin >= 0 && Math.max(length, unpacked) <= maxBytes)) {
    throw new InputError('rows-too-many', 'The row group is too large', {
      field: 'row_groups',
      value: Math.max(length, unpacked),
      allowed: `at most ${maxBytes} bytes`,
    });
  }
  const bytes = await source.read(begin, length);
  const tree = parquetSchema(metadata);
  return (column) => {
    const schemaPath = getTreePath(tree, column.path_in_schema);
    const view = new DataView(
      bytes.buffer,
      beginOf(column) - begin,
      Number(column.total_compressed_size),
    );
    const decoder = {
      ...column,
      pathInSchema: column.path_in_schema,
      element: schemaPath[schemaPath.length - 1].element,
      schemaPath,
      parsers: DEFAULT_PARSERS,
      utf8: true,
    };
    const select = { groupStart: 0, selectStart: 0, selectEnd: rows, groupRows: rows };
    const { data } = readColumn({ view, offset: 0 }, select, decoder);
    if (data.length === 1) return data[0];
    return data.flatMap((part) => Array.from(part as ArrayLike<unknown>));
  };
}

function checkLength(name: string, { length }: DecodedArray, rows: number): void {
  if (length === rows) return;
  throw new InputError('rows-malformed', `Column '${name}' has ${length} values`, {
    field: name,
    value: length,
    allowed: `${rows}, as its row group says`,
  });
}

/** A null is not finite: a model has no value for it. */
const NULL = Number.NaN;

function idsOf(values: DecodedArray): (string | null)[] {
  return Array.from(values as ArrayLike<unknown>, (value, row) => {
    if (value === null || value === undefined) return null;
    try {
      return checkedId(
        value instanceof Uint8Array ? new TextDecoder().decode(value) : String(value),
      );
    } catch (error) {
      throw error instanceof InputError ? new RowError(error, row) : error;
    }
  });
}

/** @throws {InputError} `rows-malformed`, `rows-too-many`, `rows-not-finite`. */
export async function readParquetRows(options: {
  readonly source: InputSource;
  readonly chunk: PlannedChunk;
  readonly cascade: Pick<Cascade, 'quantise'>;
  readonly features: readonly string[];
  readonly profile: Profile;
}): Promise<ChunkRows> {
  const { source, chunk, cascade, features, profile } = options;
  const metadata = await readFooter(source, profile.maxFooterBytes);
  const width = features.length;
  const count = chunk.rows;
  const columns = columnsOf(metadata.row_groups[chunk.begin], features);
  const maxBytes = SLACK * profile.maxGroupBytes;
  const decode = await openColumns(source, { metadata, columns, rows: count, maxBytes });
  const values = new Float32Array(count * width);
  let ids: (string | null)[] | undefined;
  columns.forEach((column, j) => {
    let decoded: DecodedArray;
    try {
      decoded = decode(column);
    } catch (error) {
      throw asMalformed(error, column.path_in_schema[0]);
    }
    checkLength(column.path_in_schema[0], decoded, count);
    if (j === width) {
      ids = idsOf(decoded);
      return;
    }
    for (let i = 0; i < count; i++) {
      const value: unknown = decoded[i];
      values[i * width + j] = value === null || value === undefined ? NULL : Number(value);
    }
  });
  checkFinite(values, width, features);
  const rows = cascade.quantise({ count, width, values });
  return ids === undefined ? { rows } : { rows, ids };
}
