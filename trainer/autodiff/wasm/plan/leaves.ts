// Memory of what does not change between steps or comes from outside: constants, sparse
// patterns, state, feeds and the mask pool, each stored once.
import type { Expression, RowIndices } from '../../expression.ts';
import { MASK_OFFSETS, maskPool } from '../../mask.ts';

/** Vectors may be loaded up to 12 bytes beyond a matrix. */
const SLACK_BYTES = 16;

/** A cache line: a row of 16 floats then lies in one. */
const ALIGNMENT = 64;

export const alignedBytes = (bytes: number) =>
  Math.ceil((bytes + SLACK_BYTES) / ALIGNMENT) * ALIGNMENT;

type Data = Float32Array | Int32Array | Uint8Array;

export interface Feed {
  readonly type: 'float32' | 'int32';
  readonly address: number;
  readonly length: number;
}

/** The first bytes stay unused, so that address 0 can mean "none". */
const FIRST_ADDRESS = ALIGNMENT;

export interface Leaves {
  /** Address of a constant array; the same array is stored once. */
  constant(data: Data): number;
  /** Address of a fed or state matrix. */
  input(node: Expression & { kind: 'input' }): number;
  /** Address of row indices, constant or fed. */
  indices(indices: RowIndices): number;
  /** Address of the int32 offset fed for a mask, and of the pool once `layout` has run. */
  maskOffset(name: string, size: number): number;
  /** Entries of the largest mask, 0 without any. */
  readonly largestMask: number;
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly bytes: number;
  /** Copies the constants to their addresses. */
  copyInto(memory: ArrayBufferLike): void;
}

export function createLeaves(): Leaves {
  let next = FIRST_ADDRESS;
  let largestMask = 0;
  const constants = new Map<Data, number>();
  const feeds = new Map<string, Feed>();
  const take = (bytes: number) => {
    const address = next;
    next += alignedBytes(bytes);
    return address;
  };
  const feed = (name: string, type: Feed['type'], length: number) => {
    const known = feeds.get(name);
    if (known && (known.type !== type || known.length !== length)) {
      throw new RangeError(`Input '${name}' is used with two shapes`);
    }
    const made = known ?? { type, length, address: take(4 * length) };
    feeds.set(name, made);
    return made.address;
  };
  const constant = (data: Data) => {
    const known = constants.get(data);
    if (known !== undefined) return known;
    const address = take(data.byteLength);
    constants.set(data, address);
    return address;
  };
  return {
    constant,
    input: ({ name, shape }) => feed(name, 'float32', shape[0] * shape[1]),
    indices: (indices) =>
      indices instanceof Int32Array
        ? constant(indices)
        : feed(indices.name, 'int32', indices.count),
    maskOffset(name, size) {
      largestMask = Math.max(largestMask, size);
      return feed(name, 'int32', 1);
    },
    get largestMask() {
      return largestMask;
    },
    feeds,
    get bytes() {
      return next;
    },
    copyInto(memory) {
      for (const [data, address] of constants) {
        const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
        new Uint8Array(memory).set(bytes, address);
      }
    },
  };
}

/** The pool for the largest mask of a program; several sessions share one. */
let pool = maskPool(0);
export function sharedMaskPool(size: number): Uint8Array {
  const grown = pool.length < size + MASK_OFFSETS ? maskPool(size) : pool;
  pool = grown;
  return grown;
}
