import type { FeatureSpec } from '@dandan/shared/features';
import { expect, test } from 'vitest';
import { channelColumns } from './channel-columns.ts';

const spec = (names: readonly string[], statistics: readonly string[]): FeatureSpec =>
  ({
    kind: 'telemetry',
    channels: names.map((name) => ({ name, unit: '' })),
    statistics,
    windowMs: 1000,
    strideMs: 1000,
  }) as FeatureSpec;

test('channelColumns() knows the columns of a channel and which an offset moves', () => {
  expect(channelColumns(spec(['flow', 'flow.b'], ['mean', 'slope', 'maximum']))).toEqual([
    { name: 'flow', columns: [0, 1, 2], level: [0, 2], missing: [] },
    { name: 'flow.b', columns: [3, 4, 5], level: [3, 5], missing: [] },
  ]);
});

test('channelColumns() counts bands and differences from upstream for their sensor, positions for none', () => {
  const own: FeatureSpec = {
    kind: 'telemetry',
    channels: [
      {
        name: 'vibration',
        unit: 'mm/s',
        statistics: ['rms', 'mean'],
        bands: [{ fromHz: 1, toHz: 5 }],
        sampleMs: 10,
      },
      { name: 'flow', unit: 'l/min' },
    ],
    statistics: ['maximum'],
    windowMs: 1000,
    strideMs: 1000,
    missing: 'indicate',
    upstream: { assets: { a: ['b'] }, columns: [{ channel: 'flow', statistic: 'maximum' }] },
    positions: { dimensions: 2, assets: { a: [0, 1] } },
  };
  expect(channelColumns(own)).toEqual([
    { name: 'vibration', columns: [0, 1, 2], level: [1], missing: [3] },
    { name: 'flow', columns: [4, 6], level: [4, 6], missing: [5] },
  ]);
});

test('channelColumns() takes every column of a table for a sensor of its own', () => {
  expect(channelColumns({ kind: 'table', columns: 2 })).toEqual([
    { name: 'x0', columns: [0], level: [0], missing: [] },
    { name: 'x1', columns: [1], level: [1], missing: [] },
  ]);
});
