// Float features to 7-bit codes, by the parameters in the bundle.
import { InputError } from '../error/index.ts';
import { MAX_CODE } from './layer.ts';
import type { DenseRows, QuantisedRows, SparseRows } from './rows.ts';

/** q_j = clamp(⌊(x_j − offset_j) · multiplier_j + ½⌋ + zeroPoint, 0, 127), in float32. */
export interface InputQuantisation {
  readonly width: number;
  readonly sparse: boolean;
  readonly zeroPoint: number;
  /** float32 [width], or [1] for sparse rows: the training mean, subtracted first. */
  readonly offset: Float32Array;
  /** float32 [width], or [1] for sparse rows: codes per unit of x. */
  readonly multiplier: Float32Array;
}

/** float32 rows, row-major [count, width]. NaN stands for a missing value. */
export interface FloatRows {
  readonly count: number;
  readonly width: number;
  readonly values: Float32Array;
}

/** CSR rows with float32 values. */
export interface SparseFloatRows {
  readonly count: number;
  readonly width: number;
  readonly offsets: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

function code(x: number, offset: number, multiplier: number, zeroPoint: number): number {
  const { fround } = Math;
  // A missing value reads as the training mean, which is the code of a standardised 0.
  if (Number.isNaN(x)) return zeroPoint;
  const scaled = Math.floor(fround(fround(fround(x - offset) * multiplier) + 0.5)) + zeroPoint;
  return scaled <= 0 ? 0 : scaled >= MAX_CODE ? MAX_CODE : scaled;
}

/** @throws {InputError} `rows-wrong-width`. */
export function checkWidth(width: number, expected: number): void {
  if (width === expected) return;
  throw new InputError(
    'rows-wrong-width',
    `Rows have ${width} features, the model reads ${expected}`,
    { field: 'rows.width', value: width, allowed: `${expected}` },
  );
}

/** Quantises dense float rows. @throws {InputError} `rows-wrong-width`. */
export function quantiseDense(rows: FloatRows, input: InputQuantisation): DenseRows {
  const { count, width, values } = rows;
  checkWidth(width, input.width);
  const { offset, multiplier, zeroPoint } = input;
  const codes = new Uint8Array(count * width);
  for (let i = 0, e = 0; i < count; i++) {
    for (let j = 0; j < width; j++, e++) {
      codes[e] = code(values[e], offset[j], multiplier[j], zeroPoint);
    }
  }
  return { kind: 'dense', count, width, codes };
}

/** The entries whose code is not 0. */
export function withoutZeros({ count, width, offsets, indices, codes }: SparseRows): SparseRows {
  const kept = {
    offsets: new Int32Array(count + 1),
    indices: new Int32Array(codes.length),
    codes: new Uint8Array(codes.length),
  };
  let end = 0;
  for (let i = 0; i < count; i++) {
    for (let e = offsets[i]; e < offsets[i + 1]; e++) {
      if (codes[e] === 0) continue;
      kept.indices[end] = indices[e];
      kept.codes[end++] = codes[e];
    }
    kept.offsets[i + 1] = end;
  }
  return {
    kind: 'sparse',
    count,
    width,
    offsets: kept.offsets,
    indices: kept.indices.slice(0, end),
    codes: kept.codes.slice(0, end),
  };
}

/** Quantises CSR rows; entries whose code is 0 are dropped. @throws {InputError} `rows-wrong-width`. */
export function quantiseSparse(rows: SparseFloatRows, input: InputQuantisation): SparseRows {
  const { count, width, offsets, indices, values } = rows;
  checkWidth(width, input.width);
  const [offset] = input.offset;
  const [multiplier] = input.multiplier;
  const codes = new Uint8Array(values.length);
  for (let e = 0; e < values.length; e++) codes[e] = code(values[e], offset, multiplier, 0);
  return withoutZeros({ kind: 'sparse', count, width, offsets, indices, codes });
}

/** Dense float rows to CSR, for a caller that has all columns of a sparse model. */
export function toSparse(rows: FloatRows): SparseFloatRows {
  const { count, width, values } = rows;
  const offsets = new Int32Array(count + 1);
  const indices: number[] = [];
  const kept: number[] = [];
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < width; j++) {
      const value = values[i * width + j];
      if (value === 0) continue;
      indices.push(j);
      kept.push(value);
    }
    offsets[i + 1] = kept.length;
  }
  return {
    count,
    width,
    offsets,
    indices: Int32Array.from(indices),
    values: Float32Array.from(kept),
  };
}

/**
 * Rows with all columns as the model reads them: dense, or sparse by their non-zeros.
 *
 * @throws {InputError} `rows-wrong-width`.
 */
export function quantiseFloatRows(rows: FloatRows, input: InputQuantisation): QuantisedRows {
  return input.sparse ? quantiseSparse(toSparse(rows), input) : quantiseDense(rows, input);
}
