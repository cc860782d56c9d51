import { featureSpecSchema } from '@dandan/shared/features';
import { createRandom } from '@dandan/shared/random';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PlantProject, projectSchema } from '../project/schema.ts';
import { historyRows } from '../rows/history-rows.ts';
import { MADE_START, type MadeChannel, madeTelemetry } from '../testing/made-telemetry.ts';
import { profileChannels } from './channel-profile.ts';
import { proposeFeatures, specOf } from './index.ts';
import { proposeWindow } from './propose-window.ts';

const SECOND = 1000;
const HOUR = 3_600_000;

const projectOf = (more: object = {}): PlantProject =>
  projectSchema.parse({ model: 'line', telemetry: [{ files: '*.csv' }], ...more });

const noise = (seed: number) => {
  const random = createRandom(seed);
  return () => random.next() - 0.5;
};

const wander = (everyMs = 10 * SECOND, name = 'temperature'): MadeChannel => {
  const next = noise(1);
  return {
    name,
    unit: '°C',
    everyMs,
    valueAt: (i) => 60 + 5 * Math.sin(i / 40) + 0.01 * next(),
  };
};

const proposalOf = (
  channels: readonly MadeChannel[],
  {
    project = projectOf(),
    lengthMs = 6 * HOUR,
    intervals = [],
    ...more
  }: {
    project?: PlantProject;
    lengthMs?: number;
    intervals?: Parameters<typeof madeTelemetry>[0]['intervals'];
    assets?: readonly string[];
  } = {},
) => {
  const telemetry = madeTelemetry({ assets: ['press-1'], channels, lengthMs, ...more });
  return proposeFeatures({ telemetry, project, intervals });
};

const incident = (minutes: number, begin = 0) => ({
  asset: 'press-1',
  run: undefined,
  from: MADE_START + begin * 60_000,
  to: MADE_START + (begin + minutes) * 60_000,
  class: 'worn',
});

test.each<[string, MadeChannel, string, readonly string[]]>([
  ['a temperature', wander(), 'steady', ['mean', 'deviation', 'slope']],
  [
    'noise',
    { name: 'current', everyMs: SECOND, valueAt: noise(3) },
    'restless',
    ['mean', 'deviation', 'minimum', 'maximum'],
  ],
  [
    'a valve',
    { name: 'valve', everyMs: SECOND, valueAt: (i) => Math.floor(i / 50) % 2 },
    'stepwise',
    ['last', 'mean', 'sinceChange'],
  ],
  [
    'a set point',
    { name: 'speed', everyMs: SECOND, valueAt: (i) => Math.sin(Math.floor(i / 100)) },
    'stepwise',
    ['last', 'mean', 'sinceChange'],
  ],
  [
    'a coarse scale',
    {
      name: 'pressure',
      everyMs: SECOND,
      valueAt: (i) => [3, 1, 2, 5, 1, 4, 2, 3, 5, 4][(7 * i) % 10],
    },
    'restless',
    ['mean', 'deviation', 'minimum', 'maximum'],
  ],
  ['a meter', { name: 'energy', everyMs: SECOND, valueAt: (i) => i * 0.25 }, 'counter', ['slope']],
  [
    'a counter of pieces that waits',
    { name: 'pieces', everyMs: SECOND, valueAt: (i) => Math.floor(i / 30) },
    'counter',
    ['slope'],
  ],
])('proposeFeatures() takes %s for what it is', (_, channel, behaviour, statistics) => {
  const { channels, choices } = proposalOf([channel]);
  expect(channels).toMatchObject([{ name: channel.name, behaviour, statistics }]);
  const choice = choices.find(({ setting }) => setting === `channels.${channel.name}.statistics`);
  expect(choice?.reason).toMatch(new RegExp(`^${behaviour}: .{20,}\\.$`));
});

test('proposeFeatures() gives vibration its energy, its spikes and octaves below half the rate', () => {
  const next = noise(2);
  const channel = { name: 'x', unit: 'mm/s', everyMs: 10, valueAt: () => next() };
  const { channels, windowMs, strideMs } = proposalOf([channel], { lengthMs: 60 * SECOND });
  expect(channels[0]).toEqual({
    name: 'x',
    unit: 'mm/s',
    behaviour: 'waveform',
    statistics: ['rms', 'kurtosis', 'crest'],
    sampleMs: 10,
    bands: [
      { fromHz: 3.125, toHz: 6.25 },
      { fromHz: 6.25, toHz: 12.5 },
      { fromHz: 12.5, toHz: 25 },
      { fromHz: 25, toHz: 50 },
    ],
  });
  expect([windowMs, strideMs]).toEqual([5000, 1000]);
});

test('proposeFeatures() makes windows of thirty readings while no incident is known', () => {
  const { windowMs, strideMs, choices } = proposalOf([wander()]);
  expect([windowMs, strideMs]).toEqual([300_000, 60_000]);
  expect(choices[0].reason).toContain('30 readings, one every 10 s; no incident is labelled yet');
});

test('proposeFeatures() makes windows half as long as a short incident, of five readings at least', () => {
  const half = proposalOf([wander()], {
    intervals: [incident(6), incident(9, 30), incident(60, 90)],
  });
  expect(half.windowMs).toBe(180_000);
  const short = proposalOf([wander()], { intervals: [incident(1)] });
  expect(short.windowMs).toBe(60_000);
  expect(short.choices[0].reason).toContain('hold too few readings');
  const long = proposalOf([wander()], { intervals: [incident(120)] });
  expect(long.windowMs).toBe(300_000);
  const normal = proposalOf([wander()], { intervals: [{ ...incident(1), class: 'normal' }] });
  expect(normal.windowMs).toBe(300_000);
});

test('proposeFeatures() makes rows due at multiples of the time between two readings', () => {
  const { windowMs, strideMs } = proposalOf([wander(180 * SECOND)], { lengthMs: 24 * HOUR });
  expect([windowMs, strideMs]).toEqual([1_800_000, 360_000]);
});

test('proposeFeatures() lets forty windows follow each other in a run', () => {
  const short = proposalOf([wander()], { lengthMs: 2 * HOUR });
  expect(short.windowMs).toBe(180_000);
  expect(short.choices[0].reason).toContain('runs are 2 h long, and 40 windows');
  expect(proposalOf([wander()], { lengthMs: HOUR / 60 }).windowMs).toBe(60_000);
});

test('proposeFeatures() holds the last value of a channel that is silent for longer than a window', () => {
  const report = { name: 'shift', everyMs: 1200 * SECOND, valueAt: (i: number) => i % 3 };
  const { channels, choices, missing } = proposalOf([wander(), wander(10_000, 'b'), report], {
    lengthMs: 24 * HOUR,
  });
  expect(channels.map(({ holdMs }) => holdMs)).toEqual([undefined, undefined, HOUR]);
  expect(choices.find(({ setting }) => setting === 'channels.shift.holdMs')?.reason).toContain(
    'silent for up to 20 min',
  );
  expect(missing).toBe('mean');
});

test('proposeFeatures() says that a channel is missing where it often is', () => {
  const gappy = { ...wander(), valueAt: (i: number) => (i % 1000 < 200 ? undefined : i % 77) };
  const other = wander(10_000, 'pressure');
  expect(proposalOf([gappy, other], { lengthMs: 48 * HOUR }).missing).toBe('indicate');
  // The machine as a whole is silent, and has no rows in which anything could be missing.
  expect(proposalOf([gappy], { lengthMs: 48 * HOUR }).missing).toBe('mean');
  expect(proposalOf([wander()]).missing).toBe('mean');
});

test('proposeFeatures() leaves out what never moves, unless the project lists it', () => {
  const still = { name: 'spare', everyMs: SECOND, valueAt: () => 4 };
  const open = proposalOf([wander(), still]);
  expect(open.channels.map(({ name }) => name)).toEqual(['temperature']);
  expect(open.leftOut).toEqual(['spare']);
  const project = projectOf({ channels: [{ name: 'spare' }] });
  expect(proposalOf([wander(), still], { project }).channels.map(({ name }) => name)).toEqual([
    'spare',
  ]);
  expect(proposalOf([still]).channels).toHaveLength(1);
});

test('proposeWindow() keeps a long history of many machines to some hundred thousand rows', () => {
  const profiles = profileChannels(madeTelemetry({ assets: ['a'], channels: [wander()] }));
  const spans = Array.from({ length: 40 }, (_, i) => ({
    run: '',
    asset: `m-${i}`,
    from: 0,
    to: 400 * HOUR,
  }));
  const given = { profiles, waveforms: [], spans, intervals: [], normal: 'normal' };
  const { strideMs, windowMs, strideReason } = proposeWindow(given);
  expect([windowMs, strideMs]).toEqual([300_000, 300_000]);
  expect(strideReason).toContain('about 192000 rows');
  expect(proposeWindow({ ...given, windowMs: 1000 }).strideMs).toBe(1000);
});

test('specOf() lets what is stated win, field by field', () => {
  const telemetry = madeTelemetry({
    assets: ['a'],
    channels: [
      wander(),
      { name: 'valve', everyMs: SECOND, valueAt: (i) => Math.floor(i / 50) % 2 },
    ],
    lengthMs: HOUR,
  });
  const open = specOf({ telemetry, project: projectOf() });
  expect(open.channels).toEqual([
    { name: 'temperature', unit: '°C' },
    { name: 'valve', unit: '', statistics: ['last', 'mean', 'sinceChange'] },
  ]);
  expect(open.statistics).toEqual(['mean', 'deviation', 'slope']);
  const stated = specOf({
    telemetry,
    project: projectOf({
      channels: [
        { name: 'valve', holdMs: 5000 },
        { name: 'temperature', statistics: ['last'] },
      ],
      features: { windowMs: 120_000, missing: 'indicate', reference: { samples: 400 } },
    }),
  });
  expect(stated).toEqual({
    kind: 'telemetry',
    channels: [
      { name: 'valve', unit: '', statistics: ['last', 'mean', 'sinceChange'], holdMs: 5000 },
      { name: 'temperature', unit: '°C', statistics: ['last'] },
    ],
    statistics: ['mean', 'deviation', 'slope'],
    missing: 'indicate',
    reference: { samples: 400 },
    windowMs: 120_000,
    strideMs: 30_000,
  });
  const common = specOf({ telemetry, project: projectOf({ features: { statistics: ['mean'] } }) });
  expect(common.statistics).toEqual(['mean']);
  expect(common.channels.every(({ statistics }) => statistics === undefined)).toBe(true);
});

test('specOf() makes windows by count where the project does', () => {
  const telemetry = madeTelemetry({ assets: ['a'], channels: [wander()], lengthMs: HOUR });
  const spec = specOf({ telemetry, project: projectOf({ features: { windowSamples: 20 } }) });
  expect(spec).toMatchObject({ windowSamples: 20, strideSamples: 5 });
  expect(spec).not.toHaveProperty('windowMs');
  const stride = specOf({ telemetry, project: projectOf({ features: { strideSamples: 3 } }) });
  expect(stride).toMatchObject({ windowSamples: 12, strideSamples: 3 });
});

test('specOf() fills in what feeds what where only columns of differences are stated', () => {
  const telemetry = madeTelemetry({
    assets: ['a', 'b', 'c'],
    channels: [wander()],
    lengthMs: HOUR,
  });
  const columns = [{ channel: 'temperature', statistic: 'mean' }];
  const edge = (from: string, to: string) => ({ from, to, kind: '' });
  const topology = {
    assets: [],
    edges: [edge('a', 'c'), edge('b', 'c'), edge('a', 'c'), edge('c', 'c')],
  };
  const project = projectOf({ features: { upstream: { columns } } });
  expect(specOf({ telemetry, project, topology }).upstream).toEqual({
    assets: { c: ['a', 'b'] },
    columns,
  });
  const assets = ['a', 'b', 'c'].map((name) => ({ name }));
  const placed = projectOf({ features: { positions: 2 } });
  const { positions } = specOf({ telemetry, project: placed, topology: { ...topology, assets } });
  expect(positions?.dimensions).toBe(2);
  expect(Object.keys(positions?.assets ?? {})).toEqual(['a', 'b', 'c']);
});

test.each([
  [
    'a stride beyond the window',
    { features: { windowMs: 1000, strideMs: 2000 } },
    'plant.yaml:9:features.strideMs',
  ],
  ['both forms of windows', { features: { windowMs: 1000, windowSamples: 5 } }, undefined],
  ['a strange field', { channels: [{ name: 'temperature', depth: 3 }] }, 'plant.yaml:9:channels.0'],
])('specOf() refuses %s by the line of plant.yaml', (_, more, field) => {
  const telemetry = madeTelemetry({ assets: ['a'], channels: [wander()], lengthMs: HOUR });
  const options = { telemetry, project: projectOf(more), file: '/x/plant.yaml', lineOf: () => 9 };
  const spec = () => specOf(options);
  if (field === undefined) expect(spec()).toMatchObject({ windowSamples: 5 });
  else expect(spec).toThrow(expect.objectContaining({ code: 'config-invalid', field }));
});

test('specOf() refuses telemetry without a channel', () => {
  const telemetry = madeTelemetry({ assets: ['a'], channels: [] });
  expect(() => specOf({ telemetry, project: projectOf() })).toThrow('no channel');
});

test('what is proposed is a spec, the same each time, and rows can be made of it', async () => {
  const series = fc.record({
    everyMs: fc.constantFrom(1, 7, 33, 100, 1000, 60_000, 86_400_000),
    kind: fc.constantFrom('wave', 'step', 'ramp', 'still', 'noise'),
    unit: fc.constantFrom('', 'g', '°C', '?'),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(series, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 400 }),
      fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 4 }),
      async (kinds, readings, minutes) => {
        const random = createRandom(readings);
        const values = {
          wave: (i: number) => Math.sin(i),
          step: (i: number) => Math.floor(i / 10) % 3,
          ramp: (i: number) => i,
          still: () => 1,
          noise: () => random.next(),
        };
        const channels = kinds.map(({ everyMs, kind, unit }, i) => ({
          name: `c${i}`,
          unit,
          everyMs,
          valueAt: values[kind as keyof typeof values],
        }));
        const lengthMs = readings * Math.min(...channels.map(({ everyMs }) => everyMs));
        const telemetry = madeTelemetry({ assets: ['press-1'], channels, lengthMs });
        const project = projectOf();
        const intervals = minutes.map((length) => incident(length));
        const spec = specOf({ telemetry, project, intervals });
        expect(featureSpecSchema.safeParse(spec).success).toBe(true);
        expect(specOf({ telemetry, project, intervals })).toEqual(spec);
        await expect(historyRows({ telemetry, spec })).resolves.toBeInstanceOf(Array);
      },
    ),
    { numRuns: 60 },
  );
});
