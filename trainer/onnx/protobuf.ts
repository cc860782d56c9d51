// The few protobuf wire types that an ONNX model needs
// (https://protobuf.dev/programming-guides/encoding).

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** Part of a message: a field already encoded. */
export type Field = readonly Uint8Array[];

function varint(value: number | bigint): Uint8Array {
  // Two's complement in 64 bits, as protobuf encodes negative int64.
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

const tag = (field: number, type: number) => varint((field << 3) | type);

export function integerField(field: number, value: number | bigint): Field {
  return [tag(field, VARINT), varint(value)];
}

export function bytesField(field: number, value: Uint8Array): Field {
  return [tag(field, LENGTH_DELIMITED), varint(value.byteLength), value];
}

export function textField(field: number, value: string): Field {
  return bytesField(field, new TextEncoder().encode(value));
}

/** Joins fields into the bytes of a message. */
export function message(fields: readonly Field[]): Uint8Array {
  const parts = fields.flat();
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.byteLength;
  }
  return bytes;
}

/** A nested message; its parts are joined once, at the outermost, as they may hold gigabytes. */
export function messageField(field: number, fields: readonly Field[]): Field {
  const parts = fields.flat();
  const byteLength = parts.reduce((sum, part) => sum + part.byteLength, 0);
  return [tag(field, LENGTH_DELIMITED), varint(byteLength), ...parts];
}
