import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createRowAssembler,
  type FeatureRow,
  featureColumns,
  type RowAssembler,
  type TelemetrySpec,
  windowStatistic,
} from './index.ts';

/** The oven is fed by two presses, the cooler by the oven. */
const SPEC: TelemetrySpec = {
  kind: 'telemetry',
  channels: [{ name: 'temperature', unit: '°C' }],
  statistics: ['mean'],
  windowMs: 100,
  strideMs: 50,
  upstream: {
    assets: { oven: ['press-1', 'press-2'], cooler: ['oven'] },
    columns: [{ channel: 'temperature', statistic: 'mean' }],
  },
};

function feeder(assembler: RowAssembler) {
  return (asset: string, time: number, value: number) =>
    assembler.push({ asset, channel: 'temperature', time, value });
}

const shown = (rows: readonly FeatureRow[]) =>
  rows.map(({ asset, time, values }) => `${asset}@${time} ${values[0]} ${values[1]}`);

test('a row tells the difference from the mean of the assets upstream in the same window', () => {
  const assembler = createRowAssembler(SPEC);
  const push = feeder(assembler);
  for (const time of [10, 60, 90]) {
    push('press-1', time, 100);
    push('press-2', time, 200);
    push('oven', time, 170);
    push('cooler', time, 20);
  }
  expect(shown(assembler.flush(1000))).toEqual([
    'press-1@150 100 NaN',
    'press-2@150 200 NaN',
    'oven@150 170 20',
    'cooler@150 20 -150',
  ]);
});

test('a row waits for what is under way of the same window, and comes with it', () => {
  const push = feeder(createRowAssembler(SPEC));
  for (const asset of ['press-1', 'oven', 'cooler'])
    for (const time of [10, 90]) push(asset, time, 5);
  expect(shown(push('cooler', 151, 0))).toEqual([]);
  expect(shown(push('oven', 151, 0))).toEqual(['cooler@150 5 0']);
  expect(push('press-1', 140, 11)).toEqual([]);
  // press-2 has never reported, so nobody waits for it.
  expect(shown(push('press-1', 151, 0))).toEqual(['press-1@150 8 NaN', 'oven@150 5 -3']);
});

test('a row waits a stride at most, and then takes what has arrived', () => {
  const push = feeder(createRowAssembler(SPEC));
  for (const asset of ['press-1', 'press-2', 'oven']) push(asset, 10, 5);
  for (const asset of ['press-1', 'oven']) push(asset, 120, asset === 'oven' ? 9 : 7);
  expect(push('oven', 160, 9)).toEqual([]);
  expect(push('oven', 199, 9)).toEqual([]);
  expect(shown(push('oven', 201, 9))).toEqual(['oven@150 9 2']);
  // Of the next window press-1 has that reading still; later ones have none of it.
  expect(shown(push('oven', 420, 9))).toEqual(['oven@200 9 2', 'oven@250 9 NaN', 'oven@300 9 NaN']);
});

test('an asset that speaks again after a silence hears what was said meanwhile of its last windows', () => {
  const push = feeder(createRowAssembler(SPEC));
  push('press-1', 10, 1);
  push('oven', 10, 4);
  push('oven', 120, 4);
  for (let time = 20; time <= 5000; time += 10) push('press-1', time, time <= 150 ? 1 : 2);
  expect(shown(push('oven', 5000, 4))).toEqual(['oven@150 4 3', 'oven@200 4 2.5']);
});

test('an asset ahead by less than a window is heard, one further ahead is not', () => {
  const differences = (ahead: number) => {
    const push = feeder(createRowAssembler(SPEC));
    for (let time = 0; time <= 1000; time += 10) {
      push('press-1', time + ahead, 1);
      if (time < 500) continue;
      push('oven', time, 4);
    }
    const rows = Array.from({ length: 40 }, (_, i) => {
      push('press-1', 1010 + 10 * i + ahead, 1);
      return push('oven', 1010 + 10 * i, 4);
    });
    return [...new Set(rows.flat().map(({ values }) => values[1]))];
  };
  expect(differences(90)).toEqual([3]);
  expect(differences(100_000)).toEqual([Number.NaN]);
});

test('clocks that are set back hold no row up for longer than a window', () => {
  const push = feeder(createRowAssembler(SPEC));
  const rows: FeatureRow[] = [];
  for (let time = 100_000; time <= 100_160; time += 10) {
    rows.push(...push('press-1', time, 1), ...push('oven', time, 2));
  }
  rows.push(...push('oven', 100_400, 2));
  for (let time = 0; time <= 1000; time += 10) rows.push(...push('oven', time, 2));
  const times = rows.filter(({ asset }) => asset === 'oven').map(({ time }) => time);
  expect(times.at(-1)).toBe(950);
});

test('drop() forgets what an asset said, and whoever waits for it waits no longer', () => {
  const assembler = createRowAssembler(SPEC);
  const push = feeder(assembler);
  for (const asset of ['press-1', 'oven']) push(asset, 90, 5);
  for (const asset of ['press-1', 'oven']) push(asset, 120, 5);
  expect(shown(push('oven', 201, 5))).toEqual([]);
  assembler.drop('press-1');
  expect(shown(push('oven', 202, 5))).toEqual(['oven@200 5 NaN']);
});

/** What the definition says, from all samples at once. */
function expectedDifferences(samples: readonly { asset: string; time: number; value: number }[]) {
  const meanOf = (asset: string, time: number) => {
    const own = samples.filter(
      (sample) => sample.asset === asset && sample.time > time - 100 && sample.time <= time,
    );
    const first = samples.find((sample) => sample.asset === asset)?.time ?? Number.NaN;
    if (own.length === 0 || time < first + 100) return Number.NaN;
    const values = own.map(({ value }) => value);
    return Math.fround(windowStatistic('mean', { times: own.map((s) => s.time), values }));
  };
  return (asset: string, time: number) => {
    const upstream = SPEC.upstream?.assets[asset] ?? [];
    const said = upstream.map((name) => meanOf(name, time)).filter((value) => !Number.isNaN(value));
    const mean = said.reduce((sum, value) => sum + value, 0) / said.length;
    return Math.fround(meanOf(asset, time) - mean);
  };
}

test('a history in order of time gives what the definition says', () => {
  let differences = 0;
  const sample = fc.record({
    asset: fc.constantFrom('press-1', 'press-2', 'oven', 'cooler'),
    pauseMs: fc.oneof(
      { weight: 20, arbitrary: fc.integer({ min: 0, max: 20 }) },
      { weight: 1, arbitrary: fc.integer({ min: 50, max: 500 }) },
    ),
    value: fc.double({ min: -100, max: 100, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(sample, { minLength: 20, maxLength: 150, size: 'max' }), (steps) => {
      const used = new Set<string>();
      let clock = 1000;
      const samples = steps.flatMap(({ asset, pauseMs, value }) => {
        clock += pauseMs;
        const key = `${asset} ${clock}`;
        if (used.has(key)) return [];
        used.add(key);
        return [{ asset, time: clock, value: value + 0 }];
      });
      const assembler = createRowAssembler(SPEC);
      const push = feeder(assembler);
      const rows = samples.flatMap(({ asset, time, value }) => push(asset, time, value));
      rows.push(...assembler.flush(clock));
      const expected = expectedDifferences(samples);
      for (const { asset, time, values } of rows) {
        expect([asset, time, values[1]]).toEqual([asset, time, expected(asset, time)]);
        if (!Number.isNaN(values[1])) differences++;
      }
    }),
    { numRuns: 200 },
  );
  expect(differences).toBeGreaterThan(2000);
});

test.each<[string, (snapshot: Record<string, unknown>) => void, string]>([
  ['text', (s) => Object.assign(s, { upstream: 'none' }), 'snapshot.upstream'],
  [
    'what was said in other columns',
    (s) => Object.assign((s.upstream as { said: unknown[] }[])[0], { said: [[100, [1, 2]]] }),
    'snapshot.upstream',
  ],
  [
    'bits that are none',
    (s) => Object.assign((s.upstream as { said: unknown[] }[])[0], { said: [[100, [-1]]] }),
    'snapshot.upstream.0.said.0.1.0',
  ],
  [
    'a row of another width',
    (s) =>
      Object.assign((s.upstream as object[])[0], {
        waiting: [{ time: 1, values: [0], heard: [], open: [] }],
      }),
    'snapshot.upstream',
  ],
])('createRowAssembler() refuses %s for the rows that wait', (_, change, field) => {
  const assembler = createRowAssembler(SPEC);
  const push = feeder(assembler);
  for (const time of [10, 90, 160]) push('press-1', time, 5);
  const snapshot = JSON.parse(JSON.stringify(assembler.snapshot()));
  expect(snapshot.upstream).toHaveLength(1);
  change(snapshot);
  expect(() => createRowAssembler(SPEC, { snapshot })).toThrow(
    expect.objectContaining({ code: 'snapshot-invalid', field }),
  );
});

test('a hub of a hundred assets remembers no more than a window for each', () => {
  const assets = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`fed-${i}`, ['hub']]));
  const spec: TelemetrySpec = { ...SPEC, upstream: { ...SPEC.upstream!, assets } };
  const assembler = createRowAssembler(spec);
  const push = feeder(assembler);
  // All report for a while, then the hub alone.
  for (let time = 0; time < 300; time += 10) {
    for (const asset of Object.keys(assets)) push(asset, time, 1);
    push('hub', time, 1);
  }
  for (let time = 300; time < 100_000; time += 10) push('hub', time, 1);
  const { upstream = [] } = assembler.snapshot();
  const kept = upstream.reduce((sum, { said, heard }) => sum + said.length + heard.length, 0);
  expect(kept).toBeLessThanOrEqual(100 * 3 + 3);
  expect(featureColumns(spec).map(({ kind }) => kind)).toEqual(['statistic', 'upstream']);
});
