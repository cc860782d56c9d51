// Compares arrays entry by entry within a relative and absolute tolerance.
import { expect } from 'vitest';

/** Fails unless both have the same length and |a − b| ≤ tolerance · max(1, |b|) everywhere. */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 1e-6,
): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i] - expected[i]) / Math.max(1, Math.abs(expected[i]));
    expect(error, `entry ${i}: ${actual[i]} against ${expected[i]}`).toBeLessThanOrEqual(tolerance);
  }
}
