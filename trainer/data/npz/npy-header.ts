// The header of a .npy array (NumPy's format description, versions 1 to 3).
import { InputError } from '@dandan/shared/error';
import { MAX_ARRAY_AXES, MAX_ARRAY_BYTES, MAX_NPY_HEADER_BYTES } from '../limits.ts';

/** Kinds of NumPy's type strings that hold plain data. */
const KINDS = {
  b: 'boolean',
  i: 'integer',
  u: 'unsigned',
  f: 'float',
  U: 'unicode',
  S: 'bytes',
} as const;

export interface NpyHeader {
  readonly kind: (typeof KINDS)[keyof typeof KINDS];
  /** Bytes per item. */
  readonly itemBytes: number;
  readonly bigEndian: boolean;
  readonly fortranOrder: boolean;
  /** Empty for a single item. */
  readonly shape: readonly number[];
  /** Items, the product of `shape`. */
  readonly count: number;
}

const MAGIC = '\x93NUMPY';

const WIDTHS: Readonly<Record<string, readonly number[]>> = {
  b: [1],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  f: [2, 4, 8],
};

/** Magic, version and header length: as long as the longer of the two versions. */
export const NPY_PREFIX_BYTES = 12;

function refuse(field: string, value: unknown, allowed: string): never {
  throw new InputError('data-invalid', `${field} is not an array that can be read`, {
    field,
    value,
    allowed,
  });
}

/** Bytes in front of the items, from the first {@linkcode NPY_PREFIX_BYTES} of an array. */
export function npyHeaderBytes(prefix: Buffer, field: string): number {
  if (prefix.length < NPY_PREFIX_BYTES || prefix.toString('latin1', 0, 6) !== MAGIC) {
    refuse(field, undefined, 'a .npy array');
  }
  const version = prefix[6];
  if (version < 1 || version > 3) refuse(field, `version ${version}`, 'version 1, 2 or 3');
  const bytes = version === 1 ? 10 + prefix.readUInt16LE(8) : 12 + prefix.readUInt32LE(8);
  if (bytes > MAX_NPY_HEADER_BYTES) {
    refuse(field, `a header of ${bytes} bytes`, `at most ${MAX_NPY_HEADER_BYTES} bytes`);
  }
  return bytes;
}

function parseShape(text: string | undefined, field: string): number[] {
  const parts = (text ?? '?').split(',').map((part) => part.trim());
  if (parts.at(-1) === '') parts.pop();
  if (parts.length > MAX_ARRAY_AXES || !parts.every((part) => /^\d{1,15}L?$/.test(part))) {
    refuse(`${field}:shape`, text, `at most ${MAX_ARRAY_AXES} whole numbers`);
  }
  return parts.map((part) => Number.parseInt(part, 10));
}

function parseType(descr: string | undefined, field: string) {
  const [, order, letter, width] = /^([<>|=])([a-zA-Z])(\d{0,9})$/.exec(descr ?? '') ?? [];
  const kind = KINDS[letter as keyof typeof KINDS];
  const size = Number(width) * (letter === 'U' ? 4 : 1);
  if (kind === undefined || !(WIDTHS[letter]?.includes(size) ?? size > 0)) {
    const allowed =
      'booleans, whole numbers, float16/32/64 or fixed-width text; numpy.load(…, allow_pickle=True) reads pickled objects, save plain arrays instead';
    refuse(`${field}:descr`, descr, allowed);
  }
  return { kind, itemBytes: size, bigEndian: order === '>' };
}

/**
 * Reads a header.
 *
 * @param header - all bytes in front of the items.
 * @throws {InputError} `data-invalid` for object arrays, structured types and arrays
 * beyond {@linkcode MAX_ARRAY_BYTES}.
 */
export function parseNpyHeader(header: Buffer, field: string): NpyHeader {
  const text = header.toString('utf8', header[6] === 1 ? 10 : 12);
  const descr = /'descr':\s*(?:'([^']*)'|\[)/.exec(text);
  const order = /'fortran_order':\s*(True|False)/.exec(text);
  const shapeText = /'shape':\s*\(([^)]*)\)/.exec(text);
  if (order === null) refuse(`${field}:fortran_order`, undefined, 'True or False');
  const type = parseType(descr?.[1] ?? descr?.[0], field);
  const shape = parseShape(shapeText?.[1], field);
  const count = shape.reduce((product, length) => product * length, 1);
  if (!(count * type.itemBytes <= MAX_ARRAY_BYTES)) {
    refuse(`${field}:shape`, shape, `at most ${MAX_ARRAY_BYTES} bytes in all`);
  }
  return { ...type, fortranOrder: order[1] === 'True', shape, count };
}
