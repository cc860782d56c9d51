import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createRowAssembler,
  featureColumns,
  featureSpecSchema,
  rowWidth,
  type TelemetrySpec,
} from './index.ts';
import { richSpec } from './testing/index.ts';

const SPEC: TelemetrySpec = {
  kind: 'telemetry',
  channels: [
    { name: 'temperature', unit: '°C' },
    {
      name: 'vibration',
      unit: 'mm/s',
      statistics: ['rms', 'crest'],
      bands: [
        { fromHz: 0.5, toHz: 10 },
        { fromHz: 10, toHz: 20 },
      ],
      sampleMs: 25,
    },
    { name: 'valve', unit: '', statistics: ['sinceChange'] },
  ],
  statistics: ['mean', 'slope'],
  windowMs: 4000,
  strideMs: 1000,
  missing: 'indicate',
  upstream: {
    assets: { oven: ['press'] },
    columns: [{ channel: 'temperature', statistic: 'mean' }],
  },
  positions: { dimensions: 2, assets: { oven: [0.25, -1] } },
};

test('featureColumns() names what every number of a row is', () => {
  expect(featureSpecSchema.parse(SPEC)).toEqual(SPEC);
  expect(featureColumns(SPEC)).toEqual([
    { name: 'temperature.mean', channel: 'temperature', kind: 'statistic', statistic: 'mean' },
    { name: 'temperature.slope', channel: 'temperature', kind: 'statistic', statistic: 'slope' },
    { name: 'temperature.missing', channel: 'temperature', kind: 'missing' },
    { name: 'vibration.rms', channel: 'vibration', kind: 'statistic', statistic: 'rms' },
    { name: 'vibration.crest', channel: 'vibration', kind: 'statistic', statistic: 'crest' },
    { name: 'vibration@0.5-10Hz', channel: 'vibration', kind: 'band' },
    { name: 'vibration@10-20Hz', channel: 'vibration', kind: 'band' },
    { name: 'vibration.missing', channel: 'vibration', kind: 'missing' },
    { name: 'valve.sinceChange', channel: 'valve', kind: 'statistic', statistic: 'sinceChange' },
    { name: 'valve.missing', channel: 'valve', kind: 'missing' },
    {
      name: 'temperature.mean-upstream',
      channel: 'temperature',
      kind: 'upstream',
      statistic: 'mean',
    },
    { name: 'position.0', kind: 'position' },
    { name: 'position.1', kind: 'position' },
  ]);
  expect(rowWidth(SPEC)).toBe(13);
});

test('a row holds its columns in that order', () => {
  const assembler = createRowAssembler({ ...SPEC, upstream: undefined });
  const push = (channel: string, time: number, value: number) =>
    assembler.push({ asset: 'oven', channel, time, value });
  for (let time = 0; time < 4000; time += 25) {
    // 4 Hz beside a mean of 1.
    push('vibration', time, 1 + 3 * Math.sin((2 * Math.PI * 4 * time) / 1000));
    if (time % 1000 === 0) push('temperature', time, 20 + time / 1000);
  }
  const [row] = push('temperature', 4001, 0);
  const [mean, slope, , rms, crest, low, high, ...rest] = row.values;
  expect([mean, slope]).toEqual([22, 1]);
  expect(rms).toBeCloseTo(Math.sqrt(1 + 4.5), 1);
  // Ten samples a period: the highest is a tenth of a turn from the crest.
  expect(crest).toBeCloseTo((1 + 3 * Math.sin(0.4 * Math.PI)) / Math.sqrt(5.5), 2);
  expect(low).toBeCloseTo(3 / Math.SQRT2, 3);
  expect(high).toBeCloseTo(0, 3);
  expect(rest).toEqual([0, Number.NaN, 1, 0.25, -1]);
});

test('an asset without a position has none, and reads as the mean one', () => {
  const assembler = createRowAssembler({ ...SPEC, upstream: undefined });
  const push = (time: number) => assembler.push({ asset: 'fan', channel: 'valve', time, value: 1 });
  push(0);
  push(100);
  expect([...push(4001)[0].values].slice(-2)).toEqual([Number.NaN, Number.NaN]);
});

test('no two columns of any spec share a name, and rows are as wide as they are many', () => {
  fc.assert(
    fc.property(richSpec, (spec) => {
      expect(featureSpecSchema.parse(spec)).toEqual(spec);
      const names = featureColumns(spec).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      expect(rowWidth(spec)).toBe(names.length);
    }),
  );
});
