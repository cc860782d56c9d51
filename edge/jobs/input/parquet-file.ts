// The footer of a Parquet input, and the columns in it that rows are read from.
import { InputError } from '@dandan/shared/error';
import type { ColumnMetaData, FileMetaData, RowGroup } from 'hyparquet';
import { parquetMetadata } from 'hyparquet/src/metadata.js';
import type { InputSource } from './input-source.ts';

/** The length of the footer and the magic number. */
const END_BYTES = 8;

const NUMERIC: readonly string[] = ['INT32', 'INT64', 'FLOAT', 'DOUBLE'];

/** Those that hyparquet unpacks itself; the others would be another 20 kB of Worker. */
const CODECS: readonly string[] = ['UNCOMPRESSED', 'SNAPPY'];

function refuse(message: string, field: string, value: unknown, allowed: string): never {
  throw new InputError('rows-malformed', message, { field, value, allowed });
}

/** What a decoder throws on bytes that are not what they should be. */
export function asMalformed(error: unknown, field: string): unknown {
  if (error instanceof InputError || !(error instanceof Error)) return error;
  const { message } = error;
  const details = { field, value: message, allowed: 'a sound Parquet file', cause: error };
  return new InputError(
    'rows-malformed',
    `The file cannot be read as Parquet: ${message}`,
    details,
  );
}

/** @throws {InputError} `rows-malformed`. */
export async function readFooter(source: InputSource, maxBytes: number): Promise<FileMetaData> {
  if (source.bytes < END_BYTES + 4)
    refuse('The file is no Parquet', 'file', source.bytes, 'Parquet');
  const end = await source.read(source.bytes - END_BYTES, END_BYTES);
  const magic = new TextDecoder().decode(end.subarray(4));
  if (magic !== 'PAR1') refuse('The file is no Parquet', 'file', magic, "'PAR1' at its end");
  const length = new DataView(end.buffer).getUint32(0, true);
  if (length > maxBytes || length > source.bytes - END_BYTES) {
    const allowed = `at most ${maxBytes} bytes: fewer row groups or columns in a file`;
    refuse('The footer is too long', 'footer', length, allowed);
  }
  const footer = await source.read(source.bytes - END_BYTES - length, length + END_BYTES);
  try {
    return parquetMetadata(footer.buffer);
  } catch (error) {
    throw asMalformed(error, 'footer');
  }
}

function checkColumn(name: string, column: ColumnMetaData, types: readonly string[]): void {
  if (!types.includes(column.type)) {
    refuse(`Column '${name}' is not usable`, name, column.type, types.join(', '));
  }
  if (!CODECS.includes(column.codec)) {
    refuse(
      `Column '${name}' is packed as nobody reads here`,
      name,
      column.codec,
      CODECS.join(', '),
    );
  }
}

/**
 * Metadata of the columns of the features in their order, then that of `id` where there is one.
 *
 * @throws {InputError} `rows-malformed` for a column that is missing or of another type.
 */
export function columnsOf(group: RowGroup, features: readonly string[]): ColumnMetaData[] {
  const byName = new Map<string, ColumnMetaData>();
  for (const { meta_data } of group.columns) {
    // Nested columns are nobody's features.
    if (meta_data?.path_in_schema.length === 1) byName.set(meta_data.path_in_schema[0], meta_data);
  }
  const columns = features.map((name) => {
    const column = byName.get(name);
    if (column === undefined) {
      return refuse(`There is no column '${name}'`, name, undefined, 'a column of every feature');
    }
    checkColumn(name, column, NUMERIC);
    return column;
  });
  const id = byName.get('id');
  if (id === undefined) return columns;
  checkColumn('id', id, ['BYTE_ARRAY', 'INT32', 'INT64']);
  return [...columns, id];
}

/** First byte of a column chunk: its dictionary comes before its data. */
export function beginOf({ dictionary_page_offset, data_page_offset }: ColumnMetaData): number {
  const dictionary = Number(dictionary_page_offset ?? 0);
  const data = Number(data_page_offset);
  return dictionary > 0 ? Math.min(dictionary, data) : data;
}
