import { expect, expectTypeOf, test } from 'vitest';
import {
  columnNames,
  type FeatureSpec,
  featureSpecSchema,
  hasCountWindows,
  MAX_FEATURES,
  MAX_HOPS,
  rowWidth,
  STATISTICS,
  type Statistic,
  type TelemetrySpec,
  type TimeWindowSpec,
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

const { windowMs: _, strideMs: __, ...COMMON } = TELEMETRY as TimeWindowSpec;
const COUNTED = { ...COMMON, windowSamples: 20, strideSamples: 5 };

test('featureSpecSchema accepts windows by count, and says which form a spec has', () => {
  const counted = featureSpecSchema.parse(COUNTED) as TelemetrySpec;
  expect(counted).toEqual(COUNTED);
  expect([TELEMETRY, counted].map(hasCountWindows)).toEqual([false, true]);
  expect(rowWidth(counted)).toBe(4);
});

test.each<[string, object, string]>([
  ['no windows', COMMON, 'windowMs'],
  ['both forms', { ...TELEMETRY, windowSamples: 5, strideSamples: 5 }, 'windowMs'],
  ['halves of both', { ...COMMON, windowMs: 5, strideSamples: 5 }, 'windowMs'],
  ['a window without a stride', { ...COMMON, windowMs: 5 }, 'strideMs'],
  ['a stride without a window', { ...COMMON, strideMs: 5 }, 'windowMs'],
  ['a count without a stride', { ...COMMON, windowSamples: 5 }, 'strideSamples'],
  ['a stride without a count', { ...COMMON, strideSamples: 5 }, 'windowSamples'],
  ['a stride beyond the count', { ...COUNTED, strideSamples: 21 }, 'strideSamples'],
  ['a count of 0', { ...COUNTED, windowSamples: 0 }, 'windowSamples'],
  ['a count beyond memory', { ...COUNTED, windowSamples: 100_001 }, 'windowSamples'],
])('featureSpecSchema refuses %s and names the field', (_case, spec, field) => {
  const issues = featureSpecSchema.safeParse(spec).error?.issues.map(({ path }) => path.join('.'));
  expect(issues).toContain(field);
});

test('holdMs is a whole number of milliseconds up to a month', () => {
  const withHold = (holdMs: unknown) =>
    featureSpecSchema.safeParse({
      ...TELEMETRY,
      channels: [{ name: 'a', unit: '', holdMs }],
    }).success;
  expect([1, 31 * 86_400_000].map(withHold)).toEqual([true, true]);
  expect([0, 0.5, 31 * 86_400_000 + 1, '1', null].some(withHold)).toBe(false);
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
])('featureSpecSchema refuses %s', (_case, change) => {
  expect(featureSpecSchema.safeParse({ ...TELEMETRY, ...change }).success).toBe(false);
});

test('the order of the statistics is the contract of stored rows', () => {
  const first = ['last', 'mean', 'deviation', 'slope', 'minimum', 'maximum'];
  expect(STATISTICS).toEqual([...first, 'rms', 'kurtosis', 'crest', 'sinceChange']);
  expectTypeOf<Statistic>().toEqualTypeOf<(typeof STATISTICS)[number]>();
  expectTypeOf<FeatureSpec['kind']>().toEqualTypeOf<'table' | 'telemetry'>();
});
