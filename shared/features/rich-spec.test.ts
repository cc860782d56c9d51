// What the fields that came later refuse, and what a snapshot of them is held to.
import { expect, test } from 'vitest';
import { createRowAssembler, featureSpecSchema, type TelemetrySpec } from './index.ts';

const band = (fromHz: number, toHz: number) => ({ fromHz, toHz });
const CHANNEL = { name: 'a', unit: 'mm/s', bands: [band(10, 20)], sampleMs: 10 };
const SPEC = {
  kind: 'telemetry',
  channels: [CHANNEL],
  statistics: ['mean', 'rms'],
  windowMs: 1000,
  strideMs: 500,
};
const withChannel = (change: object) => ({ ...SPEC, channels: [{ ...CHANNEL, ...change }] });
const UPSTREAM = {
  assets: { oven: ['press'] },
  columns: [{ channel: 'a', statistic: 'mean' }],
};
const withUpstream = (change: object) => ({ ...SPEC, upstream: { ...UPSTREAM, ...change } });
const withPositions = (positions: object) => ({ ...SPEC, positions });
const many = <T>(count: number, valueAt: (i: number) => T) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`asset-${i}`, valueAt(i)]));
const { windowMs: _, strideMs: __, ...UNWINDOWED } = SPEC;
const COUNTED = { ...UNWINDOWED, windowSamples: 100, strideSamples: 10 };

test.each<[string, object]>([
  ['bands and statistics of its own', SPEC],
  ['bands alone', withChannel({ statistics: [] })],
  ['bands up to half the sampling rate', withChannel({ bands: [band(0, 50)] })],
  ['bands of windows by count', COUNTED],
  ['readings that are no whole milliseconds apart', withChannel({ sampleMs: 9.9 })],
  ['upstream in a circle', withUpstream({ assets: { a: ['b'], b: ['a'] } })],
  ['a column upstream that its channel has', withUpstream({})],
  ['an asset that nothing feeds', withUpstream({ assets: { oven: [] } })],
  ['positions', withPositions({ dimensions: 1, assets: { oven: [-0.5] } })],
  ['a mark of missing', { ...SPEC, missing: 'indicate' }],
])('featureSpecSchema accepts %s', (_case, spec) => {
  expect(featureSpecSchema.parse(spec)).toEqual(spec);
});

test.each<[string, object, string]>([
  ['bands without sampleMs', withChannel({ sampleMs: undefined }), 'channels.0.sampleMs'],
  ['sampleMs without bands', withChannel({ bands: undefined }), 'channels.0.sampleMs'],
  ['no bands', withChannel({ bands: [] }), 'channels.0.bands'],
  ['neither bands nor statistics', { ...SPEC, channels: [{ name: 'a', unit: '', statistics: [] }] }, 'channels.0.statistics'],
  ['a band twice', withChannel({ bands: [band(1, 9), band(1, 9)] }), 'channels.0.bands'],
  ['a band that ends before it begins', withChannel({ bands: [band(9, 9)] }), 'channels.0.bands.0.toHz'],
  ['a band below 0', withChannel({ bands: [band(-1, 9)] }), 'channels.0.bands.0.fromHz'],
  ['a band above half the sampling rate', withChannel({ bands: [band(10, 51)] }), 'channels.0.bands.0.toHz'],
  ['a band that no window tells apart', withChannel({ bands: [band(10, 11)] }), 'channels.0.bands.0.toHz'],
  ['more bands than there are', withChannel({ bands: Array.from({ length: 33 }, (_, i) => band(i, i + 2)) }), 'channels.0.bands'],
  ['a window of too many readings', withChannel({ sampleMs: 0.1 }), 'channels.0.sampleMs'],
  ['too many readings in all channels', { ...SPEC, windowMs: 80_000, channels: Array.from({ length: 5 }, (_, i) => ({ ...CHANNEL, name: `a${i}` })) }, 'channels'],
  ['a statistic that a channel has twice', withChannel({ statistics: ['rms', 'rms'] }), 'channels.0.statistics'],
  ['another word for missing', { ...SPEC, missing: 'zero' }, 'missing'],
  ['upstream of windows by count', { ...COUNTED, upstream: UPSTREAM }, 'upstream'],
  ['upstream of windows far over one another', { ...withUpstream({}), windowMs: 60_000, strideMs: 500 }, 'strideMs'],
  ['upstream of no asset', withUpstream({ assets: {} }), 'upstream.assets'],
  ['upstream of too many assets', withUpstream({ assets: many(1001, () => []) }), 'upstream.assets'],
  ['too many assets upstream', withUpstream({ assets: { oven: Object.keys(many(17, () => 0)) } }), 'upstream.assets.oven'],
  ['an asset upstream of itself', withUpstream({ assets: { oven: ['oven'] } }), 'upstream.assets.oven'],
  ['an asset upstream twice', withUpstream({ assets: { oven: ['a', 'a'] } }), 'upstream.assets.oven'],
  ['an asset that is no level of a topic', withUpstream({ assets: { oven: ['a/b'] } }), 'upstream.assets.oven.0'],
  ['no columns upstream', withUpstream({ columns: [] }), 'upstream.columns'],
  ['a column upstream twice', withUpstream({ columns: [...UPSTREAM.columns, ...UPSTREAM.columns] }), 'upstream.columns'],
  ['a column upstream of no channel', withUpstream({ columns: [{ channel: 'b', statistic: 'mean' }] }), 'upstream.columns.0.channel'],
  ['a column upstream that the row has not', withUpstream({ columns: [{ channel: 'a', statistic: 'last' }] }), 'upstream.columns.0.statistic'],
  ['positions of no asset', withPositions({ dimensions: 1, assets: {} }), 'positions.assets'],
  ['a position of other dimensions', withPositions({ dimensions: 2, assets: { oven: [1] } }), 'positions.assets.oven'],
  ['a position that is no number', withPositions({ dimensions: 1, assets: { oven: [null] } }), 'positions.assets.oven.0'],
  ['too many coordinates', withPositions({ dimensions: 256, assets: many(65, () => Array(256).fill(0)) }), 'positions.assets'],
])('featureSpecSchema refuses %s and names the field', (_case, spec, field) => {
  const issues = featureSpecSchema.safeParse(spec).error?.issues.map(({ path }) => path.join('.'));
  expect(issues).toContain(field);
}); // biome-ignore format: a table

test('a mark of missing is 1 where a channel is silent, and 0 where a held value stands for it', () => {
  const spec: TelemetrySpec = {
    kind: 'telemetry',
    channels: [
      { name: 'a', unit: '' },
      { name: 'b', unit: '' },
      { name: 'c', unit: '', holdMs: 1000 },
    ],
    statistics: ['last'],
    windowMs: 100,
    strideMs: 100,
    missing: 'indicate',
  };
  const assembler = createRowAssembler(spec);
  const push = (channel: string, time: number) =>
    assembler.push({ asset: 'x', channel, time, value: 7 });
  for (const channel of ['a', 'b', 'c']) push(channel, 50);
  push('a', 150);
  push('a', 250);
  const [row] = push('a', 301).slice(-1);
  expect([...row.values]).toEqual([7, 0, Number.NaN, 1, 7, 0]);
});

test.each<[string, object]>([
  ['other statistics of a channel', withChannel({ statistics: ['last'] })],
  ['other bands', withChannel({ bands: [band(10, 25)] })],
  ['another time between readings', withChannel({ sampleMs: 9 })],
  ['a mark of missing', { ...SPEC, missing: 'indicate' }],
  ['assets upstream', withUpstream({})],
  ['positions', withPositions({ dimensions: 1, assets: { oven: [1] } })],
  ['a reference', { ...SPEC, reference: { samples: 400 } }],
])('createRowAssembler() refuses a snapshot of a spec without %s', (_case, other) => {
  const snapshot = createRowAssembler(SPEC as TelemetrySpec).snapshot();
  expect(() => createRowAssembler(other as TelemetrySpec, { snapshot })).toThrow(
    expect.objectContaining({ code: 'snapshot-invalid', field: 'snapshot.spec' }),
  );
});
