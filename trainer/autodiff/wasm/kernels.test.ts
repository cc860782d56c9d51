import { expect, test } from 'vitest';
import { instantiateKernels } from './kernels.ts';
import { Memory } from './web-assembly.ts';

const memory = new Memory({ initial: 16, maximum: 16, shared: true });
const kernels = instantiateKernels(memory);
const floats = new Float32Array(memory.buffer);

/** f over `values`, 4 bytes an entry, at the start of the memory. */
function apply(kernel: 'exp' | 'log', values: readonly number[]): number[] {
  floats.set(values, 16);
  kernels[kernel](64 + 4 * values.length + 64, 64, values.length);
  return [...floats.slice(16 + values.length + 16, 16 + 2 * values.length + 16)];
}

const GRID = Array.from({ length: 20_001 }, (_, i) => Math.fround((i - 10_000) * 0.0087));

test('exp() is within 2 units in the last place from −87 to 87, and 0 below', () => {
  apply('exp', GRID).forEach((value, i) => {
    const exact = Math.exp(GRID[i]);
    expect(Math.abs(value - exact)).toBeLessThanOrEqual(2 ** -22 * exact);
  });
  expect(apply('exp', [-88, -200, Number.NEGATIVE_INFINITY])).toEqual([0, 0, 0]);
});

test('log() is within 2 units in the last place of normal numbers', () => {
  const positive = GRID.map((x) => Math.fround(Math.exp(x * 0.99)));
  apply('log', positive).forEach((value, i) => {
    const exact = Math.log(positive[i]);
    expect(Math.abs(value - exact)).toBeLessThanOrEqual(2 ** -22 * Math.max(Math.abs(exact), 0.5));
  });
});
