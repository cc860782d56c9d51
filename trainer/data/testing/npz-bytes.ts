// Writes .npz files for tests as numpy.savez and savez_compressed do, in any dtype.
import { crc32, deflateRawSync } from 'node:zlib';

export interface ArraySpec {
  /** NumPy's type string, e.g. `<i4`, `>f8`, `|b1`, `<U7`. */
  readonly descr: string;
  readonly shape: readonly number[];
  /** Row-major; texts for `U` and `S`. */
  readonly values: readonly (number | string)[];
  /** Stored column by column. @default {false} */
  readonly fortran?: boolean;
}

function halfBits(value: number): number {
  const float = new DataView(new ArrayBuffer(4));
  float.setFloat32(0, value);
  const bits = float.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 112;
  // Tests write halves that are exact and normal.
  return value === 0 ? sign : sign | (exponent << 10) | ((bits >>> 13) & 0x3ff);
}

/** One value of type `code` (kind and width) at `at`. */
function put(view: DataView, at: number, code: string, value: number, little: boolean): void {
  const setters: Readonly<Record<string, () => void>> = {
    b1: () => view.setUint8(at, value),
    i1: () => view.setInt8(at, value),
    i2: () => view.setInt16(at, value, little),
    i4: () => view.setInt32(at, value, little),
    i8: () => view.setBigInt64(at, BigInt(value), little),
    u1: () => view.setUint8(at, value),
    u2: () => view.setUint16(at, value, little),
    u4: () => view.setUint32(at, value, little),
    u8: () => view.setBigUint64(at, BigInt(value), little),
    f2: () => view.setUint16(at, halfBits(value), little),
    f4: () => view.setFloat32(at, value, little),
    f8: () => view.setFloat64(at, value, little),
  };
  setters[code]();
}

function itemsOf({ descr, shape, values, fortran = false }: ArraySpec): Uint8Array {
  const little = descr[0] !== '>';
  const width = Number(descr.slice(2));
  const isText = descr[1] === 'U' || descr[1] === 'S';
  const bytes = width * (descr[1] === 'U' ? 4 : 1);
  const items = new Uint8Array(values.length * bytes);
  const view = new DataView(items.buffer);
  const [rows, columns = 1] = shape;
  values.forEach((value, i) => {
    const place = fortran ? (i % columns) * rows + Math.floor(i / columns) : i;
    const at = place * bytes;
    if (!isText) put(view, at, descr.slice(1), Number(value), little);
    const letters = isText ? [...String(value)] : [];
    letters.forEach((letter, j) => {
      if (descr[1] === 'S') view.setUint8(at + j, letter.charCodeAt(0));
      else view.setUint32(at + 4 * j, letter.codePointAt(0)!, little);
    });
  });
  return items;
}

/** The bytes of a .npy array. */
export function npyBytes(spec: ArraySpec): Buffer {
  const shape = spec.shape.length === 1 ? `${spec.shape[0]},` : spec.shape.join(', ');
  const order = spec.fortran ? 'True' : 'False';
  const text = `{'descr': '${spec.descr}', 'fortran_order': ${order}, 'shape': (${shape}), }`;
  const header = `${text.padEnd(117)}\n`;
  const prefix = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length, 0]);
  return Buffer.concat([prefix, Buffer.from(header), itemsOf(spec)]);
}

/** A zip file of entries, with NumPy's zip64 fields in the local headers. */
export function zipBytes(
  entries: Readonly<Record<string, Uint8Array>>,
  { deflate = false }: { deflate?: boolean } = {},
): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(entries)) {
    const packed = deflate ? deflateRawSync(content) : Buffer.from(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(45, 0);
    fields.writeUInt16LE(deflate ? 8 : 0, 4);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const zip64 = Buffer.alloc(20);
    zip64.writeUInt16LE(1, 0);
    zip64.writeUInt16LE(16, 2);
    zip64.writeBigUInt64LE(BigInt(content.length), 4);
    zip64.writeBigUInt64LE(BigInt(packed.length), 12);
    const local = Buffer.from(fields);
    local.writeUInt16LE(zip64.length, 24);
    local.writeUInt32LE(0xffffffff, 14);
    local.writeUInt32LE(0xffffffff, 18);
    const written = [Buffer.from('PK\x03\x04'), local, Buffer.from(name), zip64, packed];
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02-\0', 'latin1'), fields, tail, Buffer.from(name));
    parts.push(...written);
    offset += Buffer.concat(written).length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(entries).length, 4);
  end.writeUInt16LE(Object.keys(entries).length, 6);
  end.writeUInt32LE(list.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, list, Buffer.from('PK\x05\x06'), end]);
}

/** A .npz file of arrays. */
export function npzBytes(
  arrays: Readonly<Record<string, ArraySpec>>,
  options?: { deflate?: boolean },
): Buffer {
  const entries = Object.entries(arrays).map(([name, spec]) => [`${name}.npy`, npyBytes(spec)]);
  return zipBytes(Object.fromEntries(entries), options);
}
