// The columns of the Parquet result: what a row group and the footer must agree on.
import type { SchemaElement } from 'hyparquet';
import type { RESULT_COLUMNS } from './answered-rows.ts';

export interface ResultColumn {
  readonly element: SchemaElement & { readonly type: 'INT32' | 'INT64' | 'FLOAT' | 'BYTE_ARRAY' };
  /** Of the values; a dictionary has its own, PLAIN. */
  readonly encoding: 'PLAIN' | 'RLE_DICTIONARY' | 'DELTA_BINARY_PACKED';
}

type Name = (typeof RESULT_COLUMNS)[number];

const column = (
  name: Name,
  type: ResultColumn['element']['type'],
  encoding: ResultColumn['encoding'],
  repetition: 'REQUIRED' | 'OPTIONAL' = 'REQUIRED',
): ResultColumn => ({
  element: {
    name,
    type,
    repetition_type: repetition,
    ...(type === 'BYTE_ARRAY' && { converted_type: 'UTF8' }),
  },
  encoding,
});

/** In the order of the result; only `id` may be null. */
export const PARQUET_COLUMNS = [
  column('row', 'INT64', 'DELTA_BINARY_PACKED'),
  column('id', 'BYTE_ARRAY', 'PLAIN', 'OPTIONAL'),
  column('class', 'INT32', 'RLE_DICTIONARY'),
  column('label', 'BYTE_ARRAY', 'RLE_DICTIONARY'),
  column('confidence', 'FLOAT', 'PLAIN'),
  column('stage', 'INT32', 'RLE_DICTIONARY'),
  column('stopped', 'BYTE_ARRAY', 'RLE_DICTIONARY'),
  column('macs', 'INT64', 'DELTA_BINARY_PACKED'),
] as const;

export const ROOT: SchemaElement = { name: 'schema', num_children: PARQUET_COLUMNS.length };
