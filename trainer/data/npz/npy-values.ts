// The items of an array as numbers or texts, whatever width and byte order they have.
import { InputError } from '@dandan/shared/error';
import type { NpyArray } from './open-npz.ts';

type Numbers =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Machines that run Node are little-endian; others' arrays are turned in place, once read. */
function toLittleEndian({ bytes, itemBytes, bigEndian }: NpyArray): ArrayBuffer {
  const { buffer } = bytes;
  if (!bigEndian || itemBytes === 1) return buffer;
  const turned = Buffer.from(buffer.slice(0));
  if (itemBytes === 2) turned.swap16();
  else if (itemBytes === 4) turned.swap32();
  else turned.swap64();
  return turned.buffer as ArrayBuffer;
}

const VIEWS: Readonly<Record<string, (buffer: ArrayBuffer) => Numbers>> = {
  boolean1: (buffer) => new Uint8Array(buffer),
  integer1: (buffer) => new Int8Array(buffer),
  integer2: (buffer) => new Int16Array(buffer),
  integer4: (buffer) => new Int32Array(buffer),
  integer8: (buffer) => new BigInt64Array(buffer),
  unsigned1: (buffer) => new Uint8Array(buffer),
  unsigned2: (buffer) => new Uint16Array(buffer),
  unsigned4: (buffer) => new Uint32Array(buffer),
  unsigned8: (buffer) => new BigUint64Array(buffer),
  float2: (buffer) => Float32Array.from(new Uint16Array(buffer), fromHalf),
  float4: (buffer) => new Float32Array(buffer),
  float8: (buffer) => new Float64Array(buffer),
};

function refuse(array: NpyArray, value: unknown, allowed: string): never {
  throw new InputError('data-invalid', `${array.field} does not hold what it should`, {
    field: array.field,
    value,
    allowed,
  });
}

/**
 * The items in row-major order; the view may share the array's memory.
 *
 * @throws {InputError} `data-invalid` for texts.
 */
export function npyNumbers(array: NpyArray): Numbers {
  const view = VIEWS[`${array.kind}${array.itemBytes}`];
  if (view === undefined) refuse(array, array.kind, 'numbers');
  const stored = view(toLittleEndian(array));
  const [rows, columns] = array.shape;
  if (!array.fortranOrder || array.shape.length !== 2) return stored;
  const turned = stored.slice() as Float64Array;
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < columns; j++) {
      turned[row * columns + j] = (stored as Float64Array)[j * rows + row];
    }
  }
  return turned;
}

/**
 * Whole numbers `minimum`..`maximum`, also from floats as some tools save them.
 *
 * @throws {InputError} `data-invalid` naming the item.
 */
export function npyWhole(
  array: NpyArray,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
): Int32Array {
  const numbers = npyNumbers(array);
  const whole = new Int32Array(numbers.length);
  for (let i = 0; i < numbers.length; i++) {
    const value = Number(numbers[i]);
    if (!(value >= minimum && value <= maximum && Number.isInteger(value))) {
      const field = `${array.field}[${i}]`;
      refuse({ ...array, field }, value, `a whole number ${minimum}..${maximum}`);
    }
    whole[i] = value;
  }
  return whole;
}

/**
 * Float32 values; `missing` allows NaN.
 *
 * @throws {InputError} `data-invalid` naming the item.
 */
export function npyFloats(array: NpyArray, { missing }: { readonly missing: boolean }) {
  const numbers = npyNumbers(array);
  // Shares the memory of the common float32 matrix, which may be a gigabyte.
  const floats =
    numbers instanceof Float32Array ? numbers : Float32Array.from(numbers as Float64Array, Number);
  for (let i = 0; i < floats.length; i++) {
    const value = floats[i];
    if (Number.isFinite(value) || (missing && Number.isNaN(value))) continue;
    const allowed = missing ? 'a finite float32, or NaN where missing' : 'a finite float32';
    refuse({ ...array, field: `${array.field}[${i}]` }, Number(numbers[i]), allowed);
  }
  return floats;
}

/** Texts of a fixed-width array, without the zeros that pad them; `undefined` for other arrays. */
export function npyTexts(array: NpyArray): string[] | undefined {
  const { kind, itemBytes, count } = array;
  if (kind !== 'unicode' && kind !== 'bytes') return undefined;
  const items = Buffer.from(toLittleEndian({ ...array, itemBytes: kind === 'unicode' ? 4 : 1 }));
  return Array.from({ length: count }, (_, i) => {
    const item = items.subarray(i * itemBytes, (i + 1) * itemBytes);
    if (kind === 'bytes') return item.toString('utf8').replace(/\0+$/, '');
    const points = Array.from({ length: itemBytes / 4 }, (_, at) => item.readUInt32LE(4 * at));
    // Beyond Unicode's last code point there is no text: shown as the replacement character.
    return points
      .map((point) => (point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd'))
      .join('')
      .replace(/\0+$/, '');
  });
}
