import { expect, expectTypeOf, test } from 'vitest';
import {
  columnNames,
  type FeatureSpec,
  featureSpecSchema,
  MAX_FEATURES,
  MAX_HOPS,
  rowWidth,
  STATISTICS,
  type Statistic,
  type TelemetrySpec,
} from './index.ts';

const TELEMETRY: TelemetrySpec = {
  kind: 'telemetry',
  channels: [
    { name: 'temperature', unit: '°C' },
    { name: 'flow', unit: 'L/s' },
  ],
  statistics: ['mean', 'slope'],
  windowMs: 60_000,
  strideMs: 1000,
};

test("featureSpecSchema says what rows of a table hold beside a node's own features", () => {
  const table = { kind: 'table', columns: 3, propagation: 2, positions: 1 } as const;
  expect(featureSpecSchema.parse(table)).toEqual(table);
  expect(rowWidth(table)).toBe(3);
  for (const wrong of [{ propagation: 0 }, { propagation: MAX_HOPS + 1 }, { positions: 0.5 }]) {
    expect(featureSpecSchema.safeParse({ ...table, ...wrong }).success).toBe(false);
  }
});

test('rowWidth() and columnNames() agree', () => {
  expect(columnNames(TELEMETRY)).toEqual([
    'temperature.mean',
    'temperature.slope',
    'flow.mean',
    'flow.slope',
  ]);
  expect(rowWidth(TELEMETRY)).toBe(4);
  const table: FeatureSpec = { kind: 'table', columns: 3 };
  expect(columnNames(table)).toEqual(['x0', 'x1', 'x2']);
  expect(rowWidth(table)).toBe(3);
});

test('featureSpecSchema accepts both kinds', () => {
  expect(featureSpecSchema.parse(TELEMETRY)).toEqual(TELEMETRY);
  expect(featureSpecSchema.parse({ kind: 'table', columns: MAX_FEATURES }).kind).toBe('table');
});

test.each<[string, object]>([
  ['a stride longer than the window', { strideMs: 60_001 }],
  ['a stride of 0', { strideMs: 0 }],
  ['a window above a day', { windowMs: 86_400_001 }],
  ['a fractional window', { windowMs: 0.5 }],
  ['no channels', { channels: [] }],
  ['a channel twice', { channels: [TELEMETRY.channels[0], TELEMETRY.channels[0]] }],
  ['a channel with a topic separator', { channels: [{ name: 'a/b', unit: '' }] }],
  ['no statistics', { statistics: [] }],
  ['an unknown statistic', { statistics: ['median'] }],
  ['a statistic twice', { statistics: ['mean', 'mean'] }],
  ['an unknown field', { phase: 3 }],
])('featureSpecSchema refuses %s', (_, change) => {
  expect(featureSpecSchema.safeParse({ ...TELEMETRY, ...change }).success).toBe(false);
});

test('the order of the statistics is the contract of stored rows', () => {
  expect(STATISTICS).toEqual(['last', 'mean', 'deviation', 'slope', 'minimum', 'maximum']);
  expectTypeOf<Statistic>().toEqualTypeOf<(typeof STATISTICS)[number]>();
  expectTypeOf<FeatureSpec['kind']>().toEqualTypeOf<'table' | 'telemetry'>();
});
