import { expect, test } from 'vitest';
import type { CellResult } from './cell.ts';
import { disturbancesOf, robustnessPoints } from './robustness-summary.ts';

const stage = { accuracy: 0, validation: 0, macs: 1, cumulativeMacs: 1, epochs: 1 };

const resultOf = (clean: number, noisy: number): CellResult => ({
  ...{ accuracy: clean, validation: clean, macs: 1, seconds: 1, stages: [stage, stage], curve: [] },
  disturbed: [
    { kind: 'noise', level: 0, stages: [clean - 1, clean], exit: clean, gatewayShare: 90 },
    { kind: 'noise', level: 1, stages: [noisy - 1, noisy], exit: noisy, gatewayShare: 50 },
  ],
});

test('robustnessPoints() has mean and deviation of every stage, and gains seed by seed', () => {
  const mixed = new Map([
    [1, resultOf(80, 60)],
    [2, resultOf(70, 64)],
  ]);
  const base = new Map([
    [2, resultOf(71, 60)],
    [1, resultOf(80, 58)],
  ]);
  const [clean, noisy] = robustnessPoints(mixed, base);
  expect(clean).toMatchObject({ kind: 'noise', level: 0 });
  expect(clean.stages.map(({ mean }) => mean)).toEqual([74, 75]);
  expect(clean.stages[1].std).toBeCloseTo(Math.sqrt(50), 10);
  expect(clean.gain).toMatchObject({ n: 2, mean: -0.5, wins: 0 });
  expect(noisy.gain).toMatchObject({ n: 2, mean: 3, wins: 2 });
  expect(noisy.gatewayShare.mean).toBe(50);
  expect(robustnessPoints(mixed)[0].gain).toBeUndefined();
});

test('robustnessPoints() of cells that met no disturbance is empty', () => {
  const { disturbed: _, ...plain } = resultOf(80, 60);
  expect(robustnessPoints(new Map([[1, plain]]))).toEqual([]);
  expect(disturbancesOf(new Map())).toEqual([]);
});
