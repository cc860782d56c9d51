// Power spectrum of a signal, the same to the bit on every engine.
import { cosineOfTurn, sineOfTurn } from './turns.ts';

interface Plan {
  /** Of k / size of a turn, k < size / 2. */
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
}

/** By size, a power of two up to MAX_BAND_SAMPLES: fourteen at most. */
const plans = new Map<number, Plan>();

function planOf(size: number): Plan {
  const known = plans.get(size);
  if (known !== undefined) return known;
  const plan = {
    cosine: Float64Array.from({ length: size / 2 }, (_, k) => cosineOfTurn(k, size)),
    sine: Float64Array.from({ length: size / 2 }, (_, k) => sineOfTurn(k, size)),
  };
  plans.set(size, plan);
  return plan;
}

/** Puts every number where the one with its bits reversed is. */
function reverseBits(values: Float64Array): void {
  const size = values.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; (j & bit) !== 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    const value = values[i];
    values[i] = values[j];
    values[j] = value;
  }
}

/** Cooley and Tukey's transform of `real` (`imaginary` is 0 before), in place. */
function transform(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  const { cosine, sine } = planOf(size);
  reverseBits(real);
  for (let half = 1; half < size; half *= 2) {
    const step = size / (2 * half);
    for (let start = 0; start < size; start += 2 * half) {
      for (let k = 0; k < half; k++) {
        const a = start + k;
        const b = a + half;
        const c = cosine[k * step];
        const s = sine[k * step];
        const re = real[b] * c + imaginary[b] * s;
        const im = imaginary[b] * c - real[b] * s;
        real[b] = real[a] - re;
        imaginary[b] = imaginary[a] - im;
        real[a] += re;
        imaginary[a] += im;
      }
    }
  }
}

/**
 * |X_k|² of k = 0..size/2 of a real signal.
 *
 * @param signal its length is a power of two; it is overwritten.
 */
export function powerSpectrum(signal: Float64Array): Float64Array {
  const imaginary = new Float64Array(signal.length);
  transform(signal, imaginary);
  const power = new Float64Array(signal.length / 2 + 1);
  for (let k = 0; k < power.length; k++) {
    power[k] = signal[k] * signal[k] + imaginary[k] * imaginary[k];
  }
  return power;
}
