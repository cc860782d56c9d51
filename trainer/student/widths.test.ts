import { expect, test } from 'vitest';
import { cascadeWidths, defaultWidths, fitsStructure } from './widths.ts';

test('defaultWidths() doubles for additive stages and grows evenly for incremental ones', () => {
  expect(defaultWidths('additive', 4, 64)).toEqual([8, 16, 32, 64]);
  expect(defaultWidths('incremental', 4, 64)).toEqual([16, 32, 48, 64]);
  expect(defaultWidths('paper', 3, 64)).toEqual([64, 64, 64]);
  for (const structure of ['additive', 'incremental', 'paper'] as const) {
    expect(defaultWidths(structure, 1, 64)).toEqual([64]);
  }
});

test('defaultWidths() of additive stages grow as long as there is a unit for each', () => {
  for (let stages = 1; stages <= 6; stages++) {
    for (let hidden = stages; hidden <= 600; hidden++) {
      const widths = defaultWidths('additive', stages, hidden);
      expect(fitsStructure('additive', widths), `${stages} stages, ${hidden} units`).toBe(true);
      expect(widths[stages - 1]).toBe(hidden);
    }
  }
  expect(fitsStructure('additive', defaultWidths('additive', 6, 5))).toBe(false);
});

test('cascadeWidths() of additive stages are their own unless they are meant for them', () => {
  const widths = [32, 64, 96, 128];
  expect(cascadeWidths('additive', { structure: 'incremental', widths })).toEqual([
    16, 32, 64, 128,
  ]);
  expect(cascadeWidths('additive', { structure: 'additive', widths })).toEqual(widths);
  expect(cascadeWidths('incremental', { structure: 'additive', widths })).toEqual(widths);
  expect(cascadeWidths('paper', { structure: 'additive', widths })).toEqual([128, 128, 128, 128]);
});
