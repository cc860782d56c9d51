// The constants that the kernels read from the head of their memory; see source/constants.ts.
import { EXPONENTIAL } from '../exp.ts';
import { MAX_CODE } from '../layer.ts';

const LANES = 4;
const ONES = 16;
const FLOATS = 32;
/** 1.5 · 2²³ + 127: the number n + 127 stands in the low bits of its sum with n. */
const INTEGER_BITS = 1.5 * 2 ** 23 + 127;

const { log2E, ln2High, ln2Low, coefficients, smallest } = EXPONENTIAL;
const VALUES = [
  ...[log2E, 0.5, ln2High, ln2Low, ...coefficients],
  ...[1, smallest, INTEGER_BITS, MAX_CODE],
];

const INTEGERS = FLOATS + 4 * LANES * VALUES.length;
const NO_CLASS = 2 ** 31 - 1;
const WORDS = [0, 1, 2, 3, 4, 4, 4, 4, NO_CLASS, NO_CLASS, NO_CLASS, NO_CLASS];

/** First address behind them. Address 0 means "none". */
export const CONSTANTS_END = INTEGERS + 4 * WORDS.length;

export function writeConstants(memory: ArrayBuffer): void {
  new Int16Array(memory, ONES, 8).fill(1);
  const floats = new Float32Array(memory, FLOATS, LANES * VALUES.length);
  VALUES.forEach((value, i) => {
    floats.fill(value, LANES * i, LANES * (i + 1));
  });
  new Int32Array(memory, INTEGERS, WORDS.length).set(WORDS);
}
