// Growing lists of numbers in typed arrays: 4 bytes an entry where a JavaScript
// array of a hundred million numbers would not fit.

const FIRST_CAPACITY = 1024;

export interface NumberList<Numbers extends Int32Array | Float32Array> {
  readonly length: number;
  push(value: number): void;
  /** Forgets the entries from `length` on. */
  truncate(length: number): void;
  /** The entries so far; later pushes may or may not show in it. */
  view(): Numbers;
}

function createList<Numbers extends Int32Array | Float32Array>(
  allocate: (capacity: number) => Numbers,
): NumberList<Numbers> {
  let values = allocate(FIRST_CAPACITY);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === values.length) {
        const larger = allocate(2 * length);
        larger.set(values);
        values = larger;
      }
      values[length++] = value;
    },
    truncate(shorter) {
      length = shorter;
    },
    view: () => values.subarray(0, length) as Numbers,
  };
}

/** A growing list of int32. */
export function createInt32List(): NumberList<Int32Array> {
  return createList((capacity) => new Int32Array(capacity));
}

/** A growing list of float32. */
export function createFloat32List(): NumberList<Float32Array> {
  return createList((capacity) => new Float32Array(capacity));
}
