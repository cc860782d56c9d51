import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CLOCK_JUMP_SAMPLES,
  type CountWindowSpec,
  createRowAssembler,
  type FeatureRow,
  type Sample,
  windowStatistic,
} from './index.ts';
import { countSpec, rowBits } from './testing/streams.ts';

const SPEC: CountWindowSpec = {
  kind: 'telemetry',
  channels: [
    { name: 'a', unit: 'V' },
    { name: 'b', unit: 'K' },
  ],
  statistics: ['last', 'mean'],
  windowSamples: 3,
  strideSamples: 2,
};

function sample(time: number, value = time, channel = 'a'): Sample {
  return { asset: 'press', channel, time, value };
}

function feed(samples: readonly Sample[]): FeatureRow[] {
  const assembler = createRowAssembler(SPEC);
  return samples.flatMap((item) => assembler.push(item));
}

const text = (rows: readonly FeatureRow[]) =>
  rows.map(({ time, values }) => `${time}: ${values.join(' ')}`);

test('a row by count is due at the sample that fills the window and at every stride after it', () => {
  const rows = feed([1, 2, 30, 40, 500, 600, 7000, 8000].map((time) => sample(time)));
  // Windows of 3: (1, 2, 30), (30, 40, 500), (500, 600, 7000).
  expect(text(rows)).toEqual([
    '30: 30 11 NaN NaN',
    '500: 500 190 NaN NaN',
    '7000: 7000 2700 NaN NaN',
  ]);
});

test('all readings of one time are one sample', () => {
  const rows = feed(
    [1, 2, 3, 4].flatMap((time) => [sample(time), sample(time, 10 * time, 'b'), sample(time)]),
  );
  expect(text(rows)).toEqual(['3: 3 2 30 20']);
});

test('a channel may be missing from some samples or from all', () => {
  const rows = feed([sample(1), sample(2, 7, 'b'), sample(3), sample(4)]);
  expect(text(rows)).toEqual(['3: 3 2 7 7']);
  expect(text(feed([1, 2, 3, 4].map((time) => sample(time))))).toEqual(['3: 3 2 NaN NaN']);
});

test('a sample out of order stands in the window at its place but brings no row nearer', () => {
  const rows = feed([1, 3, 2, 4, 5, 6].map((time) => sample(time)));
  // The third in order is 4; the newest three by then are 2, 3, 4.
  expect(text(rows)).toEqual(['4: 4 3 NaN NaN']);
});

test('a sample older than the window counts for nothing', () => {
  const assembler = createRowAssembler(SPEC);
  for (const time of [10, 20, 30, 40]) assembler.push(sample(time));
  assembler.push(sample(5, 1e6));
  assembler.push(sample(50));
  expect(text(assembler.push(sample(60)))).toEqual(['50: 50 40 NaN NaN']);
  expect(assembler.counters()).toEqual({ outdated: 1, clockJumps: 0 });
});

test('flush() gives the row of the last sample, once', () => {
  const assembler = createRowAssembler(SPEC);
  for (const time of [1, 2, 3]) expect(assembler.push(sample(time))).toEqual([]);
  expect(assembler.flush(2)).toEqual([]);
  expect(assembler.flush(3).map(({ time }) => time)).toEqual([3]);
  expect(assembler.flush(9)).toEqual([]);
  expect([4, 5, 6].flatMap((time) => text(assembler.push(sample(time))))).toEqual([
    '5: 5 4 NaN NaN',
  ]);
});

test('a clock set back begins the windows anew with the tenth sample behind them', () => {
  const assembler = createRowAssembler(SPEC);
  for (const time of [1000, 1001, 1002]) assembler.push(sample(time));
  const back = Array.from({ length: CLOCK_JUMP_SAMPLES + 3 }, (_, i) => sample(i));
  const rows = back.flatMap((item) => assembler.push(item));
  // What was complete before is built; the new windows begin at 9.
  expect(text(rows)).toEqual(['1002: 1002 1001 NaN NaN', '11: 11 10 NaN NaN']);
  expect(assembler.counters()).toEqual({ outdated: 9, clockJumps: 1 });
});

test('one time far ahead is followed by new windows once a window of times has come behind it', () => {
  const assembler = createRowAssembler({ ...SPEC, windowSamples: 20 });
  const push = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => sample(from + i)).flatMap((s) => assembler.push(s));
  push(0, 30);
  push(1e9, 1);
  push(30, 19);
  expect(assembler.counters().clockJumps).toBe(0);
  const rows = push(49, 25);
  expect(assembler.counters().clockJumps).toBe(1);
  // Begun anew at 49, the first window ends at 68.
  expect(rows.map(({ time }) => time)).toEqual([68, 70, 72]);
});

test('times sent twice are no jump, however many', () => {
  const assembler = createRowAssembler({ ...SPEC, windowSamples: 20 });
  for (let i = 0; i < 40; i++) assembler.push(sample(i));
  for (let round = 0; round < 5; round++) {
    for (let i = 20; i < 40; i++) assembler.push(sample(i));
  }
  expect(assembler.counters()).toEqual({ outdated: 0, clockJumps: 0 });
});

test('memory is that of the window, whatever arrives', () => {
  const assembler = createRowAssembler(SPEC);
  for (let i = 0; i < 1000; i++) {
    assembler.push(sample(1000 + ((i * 37) % 500)));
    assembler.push(sample(i, 0, 'b'));
  }
  expect(assembler.buffered()).toBeLessThanOrEqual(2 * SPEC.windowSamples);
});

/** Rows by definition, for samples in the order of time. */
function definition(samples: readonly Sample[], spec: CountWindowSpec): string[] {
  const times = [...new Set(samples.map(({ time }) => time))];
  const rows: FeatureRow[] = [];
  for (let end = spec.windowSamples; end <= times.length; end += spec.strideSamples) {
    const inside = new Set(times.slice(end - spec.windowSamples, end));
    const values = spec.channels.flatMap(({ name }) => {
      const own = samples.filter(({ channel, time }) => channel === name && inside.has(time));
      const last = new Map(own.map(({ time, value }) => [time, value]));
      return spec.statistics.map((statistic) =>
        windowStatistic(statistic, { times: [...last.keys()], values: [...last.values()] }),
      );
    });
    rows.push({ asset: 'press', time: times[end - 1], values: Float32Array.from(values) });
  }
  return rowBits(rows);
}

test('push() and flush() give the rows of the definition', () => {
  const samples = fc
    .array(fc.tuple(fc.nat({ max: 60 }), fc.constantFrom('a', 'b'), fc.integer()), {
      maxLength: 80,
    })
    .map((list) => list.toSorted(([a], [b]) => a - b).map(([t, c, v]) => sample(t, v, c)));
  fc.assert(
    fc.property(samples, countSpec, (list, spec) => {
      const plain = {
        ...spec,
        channels: spec.channels.map(({ name, unit }) => ({ name, unit })),
      } as CountWindowSpec;
      const assembler = createRowAssembler(plain);
      const rows = [...list.flatMap((item) => assembler.push(item)), ...assembler.flush(100)];
      expect(rowBits(rows)).toEqual(definition(list, plain));
    }),
    { numRuns: 300 },
  );
});
