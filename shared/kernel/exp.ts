// An exponential whose every bit is specified, because exit decisions depend on
// it and ECMAScript leaves the last bits of Math.exp to the engine.

const LOG2_E = Math.fround(Math.LOG2E);
/** ln 2 in two parts, so that n · LN2_HIGH is exact (Cody & Waite 1980; Cephes expf). */
const LN2_HIGH = 0.693359375;
const LN2_LOW = Math.fround(-2.1219444e-4);
/** Minimax coefficients of Cephes expf on [−½ ln 2, ½ ln 2], highest power first. */
const COEFFICIENTS = new Float32Array([
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1,
  5.0000001201e-1,
]);
/** Below this the result would be subnormal; it is returned as 0. */
const SMALLEST = -87;

/** The constants, for kernels that are held to the same bits. */
export const EXPONENTIAL = {
  log2E: LOG2_E,
  ln2High: LN2_HIGH,
  ln2Low: LN2_LOW,
  coefficients: COEFFICIENTS,
  smallest: SMALLEST,
} as const;

const bits = new Int32Array(1);
const power = new Float32Array(bits.buffer);

/**
 * e^x for x ≤ 0 in float32 operations of a fixed order; relative error below 2e-7.
 *
 * @param x float32, at most 0.
 * @returns float32 in 0..1; 0 below −87 and for NaN.
 */
export function expNegative(x: number): number {
  const { fround } = Math;
  if (!(x > SMALLEST)) return 0;
  const n = Math.floor(fround(fround(x * LOG2_E) + 0.5));
  const r = fround(fround(x - n * LN2_HIGH) - fround(n * LN2_LOW));
  let polynomial = COEFFICIENTS[0];
  for (let i = 1; i < COEFFICIENTS.length; i++) {
    polynomial = fround(fround(polynomial * r) + COEFFICIENTS[i]);
  }
  const y = fround(fround(fround(polynomial * fround(r * r)) + r) + 1);
  bits[0] = (n + 127) << 23;
  return fround(y * power[0]);
}
