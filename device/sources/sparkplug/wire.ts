// Reader of the protobuf wire format (protobuf.dev/programming-guides/encoding): fields are a key
// and a varint, 4 or 8 bytes, or a length and bytes. Nothing is copied; reads beyond the end throw.
import { InputError } from '@dandan/shared/error';

/** A place in a message. The last varint is in `low` and `high`, two unsigned 32-bit halves. */
export interface Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  at: number;
  end: number;
  low: number;
  high: number;
}

export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

/** One for all messages: a gateway reads thousands of names a second. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function createCursor(bytes: Uint8Array): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { bytes, view, at: 0, end: bytes.byteLength, low: 0, high: 0 };
}

export function malformed(cursor: Cursor, allowed: string): InputError {
  return new InputError('payload-invalid', 'Not a Sparkplug B payload', {
    field: `byte ${cursor.at}`,
    value: cursor.bytes[cursor.at],
    allowed,
  });
}

/** Reads a varint into `low` and `high`. */
export function readVarint(cursor: Cursor): void {
  const { bytes, end } = cursor;
  let low = 0;
  let high = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    if (cursor.at >= end) throw malformed(cursor, 'a varint that ends within its field');
    const byte = bytes[cursor.at++];
    const bits = byte & 0x7f;
    if (shift < 28) low |= bits << shift;
    else if (shift === 28) {
      low |= bits << 28;
      high = bits >>> 4;
    } else high |= bits << (shift - 32);
    if (byte < 0x80) {
      cursor.low = low >>> 0;
      cursor.high = high >>> 0;
      return;
    }
  }
  throw malformed(cursor, 'a varint of at most 10 bytes');
}

/** Reads a field's key: `field · 8 + wire type`. */
export function readKey(cursor: Cursor): number {
  readVarint(cursor);
  // Field numbers have 29 bits.
  if (cursor.high !== 0) throw malformed(cursor, 'a field number below 2²⁹');
  return cursor.low;
}

/** Reads a length; the bytes that it promises are there. @returns where they end. */
export function readLength(cursor: Cursor): number {
  readVarint(cursor);
  const end = cursor.at + cursor.low;
  if (cursor.high !== 0 || end > cursor.end) {
    throw malformed(cursor, 'a length within the message');
  }
  return end;
}

/** Steps over the value of a field of any type but the groups, which Sparkplug never had. */
export function skipField(cursor: Cursor, wireType: number): void {
  if (wireType === VARINT) readVarint(cursor);
  else if (wireType === BYTES) cursor.at = readLength(cursor);
  else if (wireType === FIXED64 || wireType === FIXED32) {
    skipBytes(cursor, wireType === FIXED64 ? 8 : 4);
  } else throw malformed(cursor, 'wire types 0, 1, 2 and 5');
}

/** Steps over `count` bytes. @returns where they began. */
export function skipBytes(cursor: Cursor, count: number): number {
  const begin = cursor.at;
  if (begin + count > cursor.end) throw malformed(cursor, `${count} more bytes`);
  cursor.at = begin + count;
  return begin;
}

/** Reads a text of at most `limit` bytes. */
export function readText(cursor: Cursor, limit: number): string {
  const end = readLength(cursor);
  const begin = cursor.at;
  if (end - begin > limit) throw malformed(cursor, `text of at most ${limit} bytes`);
  cursor.at = end;
  try {
    return decoder.decode(cursor.bytes.subarray(begin, end));
  } catch {
    throw malformed(cursor, 'text in UTF-8');
  }
}

/** The last varint as the number nearest to it. */
export function toUnsigned({ low, high }: Pick<Cursor, 'low' | 'high'>): number {
  return high * 2 ** 32 + low;
}
