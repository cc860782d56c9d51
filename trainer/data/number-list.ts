// Growing lists of numbers in typed arrays: 4 bytes an entry where a JavaScript
// array of a hundred million numbers would not fit.

const FIRST_CAPACITY = 1024;

export interface NumberList<Numbers extends Int32Array | Float32Array> {
  readonly length: number;
  push(value: number): void;
  /** Entry `at`, which must lie below `length`. */
  get(at: number): number;
  /** Sets entry `at`, which may lie beyond the end; entries between are 0. */
  set(at: number, value: number): void;
  /** Forgets the entries from `length` on. */
  truncate(length: number): void;
  /** The entries so far; later pushes may or may not show in it. */
  view(): Numbers;
}

function createList<Numbers extends Int32Array | Float32Array>(
  allocate: (capacity: number) => Numbers,
  expected = FIRST_CAPACITY,
): NumberList<Numbers> {
  let values = allocate(expected);
  let length = 0;

  function grow(needed: number): void {
    const larger = allocate(Math.max(needed, 2 * values.length));
    larger.set(values);
    values = larger;
  }

  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === values.length) grow(length + 1);
      values[length++] = value;
    },
    get: (at) => values[at],
    set(at, value) {
      if (at >= values.length) grow(at + 1);
      if (at > length) values.fill(0, length, at);
      values[at] = value;
      if (at >= length) length = at + 1;
    },
    truncate(shorter) {
      length = shorter;
    },
    view: () => values.subarray(0, length) as Numbers,
  };
}

/** A growing list of int32. `expected` entries fit without moving what is there. */
export function createInt32List(expected?: number): NumberList<Int32Array> {
  return createList((capacity) => new Int32Array(capacity), expected);
}

/** A growing list of float32. */
export function createFloat32List(expected?: number): NumberList<Float32Array> {
  return createList((capacity) => new Float32Array(capacity), expected);
}
