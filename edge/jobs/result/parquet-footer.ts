// The footer of the Parquet result, encoded in pieces: for thousands of row groups it takes more CPU
// than the free plan has in one invocation. The writer's own metadata function takes all at once.
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js';
import { serializeTCompactProtocol } from 'hyparquet-writer/src/thrift.js';
import type { ColumnSize } from './parquet-row-group.ts';
import { PARQUET_COLUMNS, ROOT } from './parquet-schema.ts';

const encoder = new TextEncoder();

export const PARQUET_MAGIC = encoder.encode('PAR1');

/** Numbers of the format (parquet.thrift). */
const TYPES = { INT32: 1, INT64: 2, FLOAT: 4, BYTE_ARRAY: 6 } as const;
const ENCODINGS = { PLAIN: 0, DELTA_BINARY_PACKED: 5, RLE_DICTIONARY: 8 } as const;
const UTF8 = 0;
const UNCOMPRESSED = 0;

/** A row group as the footer describes it. */
export interface PlacedRowGroup {
  /** Its first byte in the file. */
  readonly begin: number;
  readonly rows: number;
  readonly columns: readonly ColumnSize[];
}

function columnChunk(j: number, begin: number, rows: bigint, [dictionary, total]: ColumnSize) {
  const { element, encoding } = PARQUET_COLUMNS[j];
  const start = BigInt(begin);
  const bytes = BigInt(total);
  return {
    field_2: start,
    field_3: {
      field_1: TYPES[element.type],
      field_2: dictionary > 0 ? [ENCODINGS.PLAIN, ENCODINGS[encoding]] : [ENCODINGS[encoding]],
      field_3: [element.name],
      field_4: UNCOMPRESSED,
      field_5: rows,
      field_6: bytes,
      field_7: bytes,
      field_9: BigInt(begin + dictionary),
      ...(dictionary > 0 && { field_11: start }),
    },
  };
}

/** Row groups as they stand one after the other in the list of the footer. */
export function encodeRowGroups(groups: readonly PlacedRowGroup[]): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(groups.length * 512);
  for (const { begin, rows, columns } of groups) {
    const count = BigInt(rows);
    let at = begin;
    const chunks = columns.map((size, j) => {
      const chunk = columnChunk(j, at, count, size);
      at += size[1];
      return chunk;
    });
    const bytes = BigInt(at - begin);
    serializeTCompactProtocol(writer, {
      field_1: chunks,
      field_2: bytes,
      field_3: count,
      field_5: BigInt(begin),
      field_6: bytes,
    });
  }
  return writer.getBytes();
}

const SCHEMA = [
  { field_4: ROOT.name, field_5: PARQUET_COLUMNS.length },
  ...PARQUET_COLUMNS.map(({ element }) => ({
    field_1: TYPES[element.type],
    field_3: element.repetition_type === 'OPTIONAL' ? 1 : 0,
    field_4: element.name,
    ...(element.type === 'BYTE_ARRAY' && { field_6: UTF8, field_10: { field_1: {} } }),
  })),
];

/** Header of a list of structs in Thrift's compact protocol, as field 4 after field 3. */
function listHeader(size: number): Uint8Array {
  const writer = new ByteWriter(16);
  writer.appendUint8((1 << 4) | 9);
  writer.appendUint8((Math.min(size, 15) << 4) | 12);
  if (size >= 15) writer.appendVarInt(size);
  return writer.getBytes();
}

/** What comes before and after the row groups in the footer. */
export function frameFooter(totals: {
  readonly rows: number;
  readonly groups: number;
  /** Bytes of all row groups as encoded. */
  readonly encoded: number;
}): { readonly head: Uint8Array; readonly tail: Uint8Array } {
  const { rows, groups, encoded } = totals;
  const head = new ByteWriter();
  serializeTCompactProtocol(head, { field_1: 2, field_2: SCHEMA, field_3: BigInt(rows) });
  // Without the byte that ends a struct: its fields go on.
  const open = head.getBytes().subarray(0, -1);
  const list = listHeader(groups);
  const rest = new ByteWriter();
  serializeTCompactProtocol(rest, {
    field_6: 'dandan',
    field_7: PARQUET_COLUMNS.map(() => ({ field_1: {} })),
  });
  const tail = new ByteWriter();
  const [first, ...others] = rest.getBytes();
  // A field's number counts from the field before: 6 after 4, where the writer thought it first.
  tail.appendUint8((first & 0x0f) | (2 << 4));
  tail.appendBytes(Uint8Array.from(others));
  const bytes = open.byteLength + list.byteLength + encoded + tail.offset;
  tail.appendUint32(bytes);
  tail.appendBytes(PARQUET_MAGIC);
  const start = new Uint8Array(open.byteLength + list.byteLength);
  start.set(open);
  start.set(list, open.byteLength);
  return { head: start, tail: tail.getBytes() };
}
