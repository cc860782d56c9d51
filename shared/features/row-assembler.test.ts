import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createRowAssembler,
  type FeatureRow,
  type Sample,
  type TimeWindowSpec,
  windowStatistic,
} from './index.ts';

const SPEC: TimeWindowSpec = {
  kind: 'telemetry',
  channels: [
    { name: 'a', unit: 'V' },
    { name: 'b', unit: 'K' },
  ],
  statistics: ['last', 'mean'],
  windowMs: 100,
  strideMs: 50,
};

function sample(time: number, value = time, channel = 'a', asset = 'pump'): Sample {
  return { asset, channel, time, value };
}

function feed(samples: readonly Sample[], spec = SPEC): FeatureRow[] {
  const assembler = createRowAssembler(spec);
  return samples.flatMap((item) => assembler.push(item));
}

const text = (rows: readonly FeatureRow[]) =>
  rows.map(({ asset, time, values }) => `${asset}@${time}: ${values.join(' ')}`);

test('push() gives a row once its asset reports a later time', () => {
  const assembler = createRowAssembler(SPEC);
  for (const time of [0, 25, 50, 75]) expect(assembler.push(sample(time))).toEqual([]);
  expect(assembler.push(sample(100))).toEqual([]);
  expect(assembler.push(sample(100, 7, 'b'))).toEqual([]);
  // Window (0, 100]: a = 25, 50, 75, 100; b = 7.
  expect(text(assembler.push(sample(101)))).toEqual(['pump@100: 100 62.5 7 7']);
});

test('push() waits for a first window that is whole', () => {
  const times = (first: number, spec = SPEC) => {
    const later = Array.from({ length: 60 }, (_, i) => sample(first + i * 5));
    return feed(later, spec)[0].time;
  };
  expect(times(0)).toBe(100);
  expect(times(1)).toBe(150);
  expect(times(49)).toBe(150);
  expect(times(50)).toBe(150);
  // A window that is no multiple of the stride: due at 50, 100, …, whole from 75 on.
  expect(times(0, { ...SPEC, windowMs: 75 })).toBe(100);
  expect(times(25, { ...SPEC, windowMs: 75 })).toBe(100);
  expect(times(26, { ...SPEC, windowMs: 75 })).toBe(150);
});

test('push() marks a channel that was silent for the window as missing', () => {
  const [row] = feed([sample(0), sample(60, 1), sample(120)]);
  expect([...row.values]).toEqual([1, 1, Number.NaN, Number.NaN]);
});

test('push() ignores unknown channels and values that are no numbers', () => {
  const assembler = createRowAssembler(SPEC);
  expect(assembler.push(sample(0, 1, 'unknown'))).toEqual([]);
  expect(assembler.push(sample(500, Number.NaN))).toEqual([]);
  expect(assembler.push(sample(900, Number.POSITIVE_INFINITY))).toEqual([]);
  expect(assembler.flush(10_000)).toEqual([]);
});

test('push() gives no rows for a silence and resumes after it', () => {
  const rows = feed([sample(0), sample(90), sample(10_020), sample(10_060), sample(10_101)]);
  expect(rows.map(({ time }) => time)).toEqual([100, 150, 10_050, 10_100]);
});

test('push() takes the time of a long silence, not of the strides in it', () => {
  const spec = { ...SPEC, windowMs: 2, strideMs: 1 };
  const rows = feed([sample(0), sample(1.8e12), sample(1.8e12 + 1)], spec);
  expect(rows.map(({ time }) => time)).toEqual([1.8e12]);
});

test('push() counts a late sample in the windows still open only', () => {
  const assembler = createRowAssembler(SPEC);
  for (const time of [0, 60, 101]) assembler.push(sample(time, 1));
  // Row 100 is out; 90 still counts for row 150, whose window is (50, 150].
  assembler.push(sample(90, 10));
  expect(text(assembler.push(sample(151)))).toEqual(['pump@150: 1 4 NaN NaN']);
});

test('push() takes the last of several samples for one time', () => {
  const rows = feed([sample(0), sample(50, 1), sample(50, 3), sample(101)]);
  expect([...rows[0].values].slice(0, 2)).toEqual([3, 3]);
});

test('flush() gives the rows due by a time, each once', () => {
  const assembler = createRowAssembler(SPEC);
  for (const time of [0, 60, 130]) assembler.push(sample(time));
  expect(assembler.flush(149)).toEqual([]);
  expect(assembler.flush(150).map(({ time }) => time)).toEqual([150]);
  expect(assembler.flush(150)).toEqual([]);
  expect(assembler.flush(1000).map(({ time }) => time)).toEqual([200]);
});

test('columns stand channel by channel, statistic by statistic', () => {
  const all = {
    ...SPEC,
    statistics: ['minimum', 'maximum', 'slope'] as const satisfies TimeWindowSpec['statistics'],
  };
  const rows = feed(
    [sample(0), sample(20, 4), sample(70, 5), sample(20, -1, 'b'), sample(101)],
    all as unknown as TimeWindowSpec,
  );
  expect([...rows[0].values]).toEqual([4, 5, 20, -1, -1, 0]);
});

const samples = fc.array(
  fc.record({
    asset: fc.constantFrom('pump', 'fan'),
    channel: fc.constantFrom('a', 'b', 'unknown'),
    time: fc.nat({ max: 600 }),
    value: fc.integer({ min: -50, max: 50 }),
    // Clocks that jump have tests of their own.
    historical: fc.constant(true),
  }),
  { maxLength: 60 },
);
const spacing = fc
  .tuple(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 120 }))
  .map(([x, y]) => ({ ...SPEC, windowMs: Math.max(x, y), strideMs: Math.min(x, y) }));

/**
 * Rows by definition: due at every multiple of the stride from the first whole
 * window on, complete at the first later time, made of what had arrived by then.
 */
function definition(arrivals: readonly Sample[], spec: TimeWindowSpec, end: number): string[] {
  const known = arrivals.filter(({ channel }) => channel !== 'unknown');
  return [...new Set(known.map(({ asset }) => asset))].flatMap((asset) => {
    const own = known.filter((item) => item.asset === asset);
    const { windowMs, strideMs } = spec;
    const rows: string[] = [];
    let due = Math.ceil((own[0].time + windowMs) / strideMs) * strideMs;
    for (; due <= end; due += strideMs) {
      const position = own.findIndex(({ time }) => time > due);
      const arrived = position < 0 ? own : own.slice(0, position);
      const columns = spec.channels.map(({ name }) => {
        const values = new Map<number, number>();
        for (const { channel, time, value } of arrived) {
          if (channel === name && time > due - windowMs && time <= due) values.set(time, value);
        }
        return [...values].sort(([a], [b]) => a - b);
      });
      if (columns.every(({ length }) => length === 0)) continue;
      const values = columns.flatMap((pairs) =>
        spec.statistics.map((statistic) =>
          windowStatistic(statistic, {
            times: pairs.map(([time]) => time),
            values: pairs.map(([, value]) => value),
          }),
        ),
      );
      rows.push(`${asset}@${due}: ${Float32Array.from(values).join(' ')}`);
    }
    return rows;
  });
}

test('push() and flush() give the rows of the definition for any order of arrival', () => {
  fc.assert(
    fc.property(samples, spacing, (arrivals, spec) => {
      const assembler = createRowAssembler(spec);
      const pushed = arrivals.flatMap((item) => assembler.push(item));
      const rows = text([...pushed, ...assembler.flush(700)]);
      expect(rows.toSorted()).toEqual(definition(arrivals, spec, 700).toSorted());
    }),
    { numRuns: 500 },
  );
});

test('rows of one asset come in the order of time', () => {
  fc.assert(
    fc.property(samples, spacing, (arrivals, spec) => {
      const assembler = createRowAssembler(spec);
      const rows = [...arrivals.flatMap((item) => assembler.push(item)), ...assembler.flush(700)];
      for (const asset of ['pump', 'fan']) {
        const times = rows.filter((row) => row.asset === asset).map(({ time }) => time);
        expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
      }
    }),
  );
});

test('any order of arrival within a stride gives the same rows', () => {
  const distinct = fc.uniqueArray(
    fc.record({
      asset: fc.constantFrom('pump', 'fan'),
      channel: fc.constantFrom('a', 'b'),
      time: fc.integer({ min: 1, max: 600 }),
      value: fc.integer({ min: -50, max: 50 }),
    }),
    { selector: ({ asset, channel, time }) => `${asset} ${channel} ${time}`, maxLength: 60 },
  );
  const shuffling = fc.array(fc.nat(), { minLength: 60, maxLength: 60 });
  fc.assert(
    fc.property(distinct, shuffling, (items, keys) => {
      // Both assets open at time 0, so that no shuffle moves the first window.
      const opening = [sample(0, 0, 'a', 'pump'), sample(0, 0, 'a', 'fan')];
      const stride = ({ time }: Sample) => Math.ceil(time / SPEC.strideMs);
      const shuffled = items
        .map((item, i) => ({ item, key: keys[i] }))
        .sort((x, y) => stride(x.item) - stride(y.item) || x.key - y.key)
        .map(({ item }) => item);
      const ordered = items.toSorted((x, y) => x.time - y.time);
      const run = (list: readonly Sample[]) => {
        const assembler = createRowAssembler(SPEC);
        const pushed = [...opening, ...list].flatMap((item) => assembler.push(item));
        return text([...pushed, ...assembler.flush(700)]).toSorted();
      };
      expect(run(shuffled)).toEqual(run(ordered));
    }),
  );
});

test('each asset has its own clock', () => {
  const alone = feed([sample(0), sample(60), sample(101), sample(151)]);
  const assembler = createRowAssembler(SPEC);
  const mixed = [
    sample(5000, 1, 'a', 'fan'),
    sample(0),
    sample(9000, 1, 'a', 'fan'),
    sample(60),
    sample(101),
    sample(151),
  ].flatMap((item) => assembler.push(item));
  expect(text(mixed.filter(({ asset }) => asset === 'pump'))).toEqual(text(alone));
});
