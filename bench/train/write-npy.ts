// NumPy's .npy format, version 1.0 (NEP 1): how a graph reaches the Python peers.
import { writeFile } from 'node:fs/promises';
import { endianness } from 'node:os';

/** Data starts at a multiple of this, so that it can be mapped into memory. */
const ALIGNMENT = 64;
/** Magic, version and length of the header. */
const PREFIX = 10;

const byteOrder = endianness() === 'LE' ? '<' : '>';

/** The bytes before the data of an array of `shape`. */
export function npyHeader(data: Float32Array | Int32Array, shape: readonly number[]): Uint8Array {
  const type = `${byteOrder}${data instanceof Float32Array ? 'f4' : 'i4'}`;
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // A newline ends the header, blanks before it fill up to the alignment.
  const length = Math.ceil((PREFIX + text.length + 1) / ALIGNMENT) * ALIGNMENT - PREFIX;
  const header = Buffer.alloc(PREFIX + length, ' ');
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(length, PREFIX - 2);
  header.write(text, PREFIX, 'latin1');
  header.write('\n', PREFIX + length - 1, 'latin1');
  return header;
}

/**
 * Writes one array.
 *
 * @param shape default: one dimension.
 */
export async function writeNpy(
  path: string,
  data: Float32Array | Int32Array,
  shape: readonly number[] = [data.length],
): Promise<void> {
  await writeFile(path, npyHeader(data, shape));
  await writeFile(path, data, { flag: 'a' });
}
