import { expect, test } from 'vitest';
import { createRowAssembler, type FeatureRow, type Sample, type TimeWindowSpec } from './index.ts';

const SPEC: TimeWindowSpec = {
  kind: 'telemetry',
  channels: [
    { name: 'speed', unit: 'rpm' },
    { name: 'setpoint', unit: '°C', holdMs: 400 },
  ],
  statistics: ['last', 'mean', 'deviation', 'slope', 'minimum', 'maximum'],
  windowMs: 100,
  strideMs: 100,
};

const speed = (time: number): Sample => ({ asset: 'a', channel: 'speed', time, value: 1 });
const setpoint = (time: number, value: number): Sample => ({
  asset: 'a',
  channel: 'setpoint',
  time,
  value,
});
const held = (rows: readonly FeatureRow[]) =>
  rows.map(({ time, values }) => `${time}: ${[...values].slice(6).join(' ')}`);

function feed(samples: readonly Sample[], spec = SPEC): FeatureRow[] {
  const assembler = createRowAssembler(spec);
  return samples.flatMap((item) => assembler.push(item));
}

test('a channel with holdMs keeps its last value up to that age, then is missing', () => {
  const rows = feed([speed(0), setpoint(150, 80), ...[220, 320, 420, 520, 620, 720].map(speed)]);
  expect(held(rows)).toEqual([
    '200: 80 80 0 0 80 80',
    // Nothing new from here on; at 500 the value is 350 old, at 600 it is 450.
    '300: 80 80 0 0 80 80',
    '400: 80 80 0 0 80 80',
    '500: 80 80 0 0 80 80',
    '600: NaN NaN NaN NaN NaN NaN',
    '700: NaN NaN NaN NaN NaN NaN',
  ]);
});

test('a held value ends with the next one, and takes one that comes late', () => {
  const late = [speed(0), setpoint(50, 1), speed(120), speed(250), setpoint(230, 9), speed(301)];
  expect(held([...feed([...late, speed(401)])])).toEqual([
    '100: 1 1 0 0 1 1',
    '200: 1 1 0 0 1 1',
    '300: 9 9 0 0 9 9',
    '400: 9 9 0 0 9 9',
  ]);
});

test('a held value makes no row of a window in which the whole asset is silent', () => {
  const rows = feed([speed(0), setpoint(150, 80), speed(180), speed(420), speed(501)]);
  expect(rows.map(({ time }) => time)).toEqual([200, 500]);
});

test('a clock that jumps takes no held value with it', () => {
  const assembler = createRowAssembler({
    ...SPEC,
    channels: [SPEC.channels[0], { ...SPEC.channels[1], holdMs: 1e9 }],
  });
  for (const item of [speed(1e6), setpoint(1e6, 80), speed(1e6 + 101)]) assembler.push(item);
  const rows = Array.from({ length: 60 }, (_, i) => speed(i * 10)).flatMap((item) =>
    assembler.push(item),
  );
  expect(assembler.counters().clockJumps).toBe(1);
  expect(rows.length).toBeGreaterThan(1);
  for (const { values } of rows) expect(values[6]).toBeNaN();
});

test('windows by count hold the value that fell out of the window', () => {
  const { windowMs: _, strideMs: __, ...common } = SPEC;
  const assembler = createRowAssembler({ ...common, windowSamples: 2, strideSamples: 1 });
  const samples = [setpoint(10, 80), ...[20, 30, 40, 500, 510].map(speed)];
  expect(held(samples.flatMap((item) => assembler.push(item)))).toEqual([
    '20: 80 80 0 0 80 80',
    '30: 80 80 0 0 80 80',
    '40: 80 80 0 0 80 80',
    '500: NaN NaN NaN NaN NaN NaN',
  ]);
});
