// A chunk's part of the Parquet result: one row group, uncompressed, dictionaries where values repeat.
import { STOP_REASONS } from '@dandan/shared/cascade';
import type { DecodedArray } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { writeDataPageV2, writePageHeader } from 'hyparquet-writer/src/datapage.js';
import { writePlain } from 'hyparquet-writer/src/plain.js';
import type { AnsweredRows } from './answered-rows.ts';
import { PARQUET_COLUMNS, type ResultColumn, ROOT } from './parquet-schema.ts';

/** Of one column chunk: bytes of its dictionary page, 0 without one, and of all its pages. */
export type ColumnSize = readonly [dictionary: number, total: number];

export interface RowGroup {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** In the order of the columns. */
  readonly columns: readonly ColumnSize[];
}

/** Values of a column; with a dictionary, indices into it. */
interface ColumnValues {
  readonly dictionary?: readonly (number | string)[];
  readonly values: DecodedArray;
  /** 1 where there is a value, 0 where it is null. */
  readonly definitionLevels?: number[];
}

/** A dictionary of those of `all` that `indices` name, in the order of `all`. */
function dictionaryOf<T extends number | string>(
  all: readonly T[],
  indices: ArrayLike<number>,
  count: number,
): ColumnValues {
  const used = new Uint8Array(all.length);
  for (let i = 0; i < count; i++) used[indices[i]] = 1;
  const places = new Int32Array(all.length);
  const dictionary: T[] = [];
  all.forEach((value, index) => {
    if (used[index] === 1) places[index] = dictionary.push(value) - 1;
  });
  const values = new Int32Array(count);
  for (let i = 0; i < count; i++) values[i] = places[indices[i]];
  return { dictionary, values };
}

function columnValues(rows: AnsweredRows): ColumnValues[] {
  const { firstRow, count, ids, labels, result } = rows;
  const row = new BigInt64Array(count);
  const macs = new BigInt64Array(count);
  for (let i = 0; i < count; i++) {
    row[i] = BigInt(firstRow + i);
    macs[i] = BigInt(result.macs[i]);
  }
  const definitionLevels = Array.from({ length: count }, (_, i) =>
    ids === undefined || ids[i] === null ? 0 : 1,
  );
  const numbers = labels.map((_, c) => c);
  const stages = Array.from({ length: 256 }, (_, stage) => stage);
  return [
    { values: row },
    { values: ids ? [...ids] : new Array(count).fill(null), definitionLevels },
    dictionaryOf(numbers, result.classes, count),
    dictionaryOf(labels, result.classes, count),
    { values: result.confidence.subarray(0, count) },
    dictionaryOf(stages, result.stage, count),
    dictionaryOf(STOP_REASONS, result.stopped, count),
    { values: macs },
  ];
}

function writeDictionary(writer: ByteWriter, type: string, dictionary: readonly unknown[]): void {
  const page = new ByteWriter();
  writePlain(page, [...dictionary], type as 'INT32', undefined);
  writePageHeader(writer, {
    type: 'DICTIONARY_PAGE',
    uncompressed_page_size: page.offset,
    compressed_page_size: page.offset,
    dictionary_page_header: { num_values: dictionary.length, encoding: 'PLAIN' },
  });
  writer.appendBytes(page.getBytes());
}

function writeColumn(writer: ByteWriter, column: ResultColumn, given: ColumnValues): ColumnSize {
  const { element, encoding } = column;
  const begin = writer.offset;
  const { dictionary, values, definitionLevels = [] } = given;
  if (dictionary !== undefined) writeDictionary(writer, element.type, dictionary);
  const data = writer.offset;
  writeDataPageV2({
    writer,
    column: {
      columnName: element.name,
      element,
      schemaPath: [ROOT, element],
      codec: 'UNCOMPRESSED',
      compressors: {},
      stats: false,
      pageSize: 0,
      columnIndex: false,
      offsetIndex: false,
    },
    encoding,
    pageData: {
      values,
      definitionLevels,
      repetitionLevels: [],
      maxDefinitionLevel: element.repetition_type === 'OPTIONAL' ? 1 : 0,
    },
  });
  return [data - begin, writer.offset - begin];
}

/** The rows as a row group that may lie anywhere in a file. Same rows, same bytes. */
export function writeRowGroup(rows: AnsweredRows): RowGroup {
  const writer = new ByteWriter(64 * 1024);
  const given = columnValues(rows);
  const columns = PARQUET_COLUMNS.map((column, j) => writeColumn(writer, column, given[j]));
  return { bytes: writer.getBytes(), columns };
}
