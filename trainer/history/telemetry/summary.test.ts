import { expect, test } from 'vitest';
import { readFiles } from './testing/read-files.ts';

/** One reading a second: `x` by its position. */
async function summaryOf(
  x: (i: number) => number | '',
  options: { count?: number; unit?: string } = {},
) {
  const { count = 600, unit = '' } = options;
  const lines = Array.from({ length: count }, (_, i) => `${i},${x(i)}`);
  const title = unit === '' ? 'x' : `x [${unit}]`;
  const { summary } = await readFiles(
    { 'a.csv': `time,${title}\n${lines.join('\n')}` },
    { source: { asset: 'a', timeUnit: 's' } },
  );
  return summary.channels[0];
}

/** Between −1 and 1, never the same twice. */
const wave = (i: number) => ((i * 0.618) % 2) - 1;

test('a channel is told in figures', async () => {
  const channel = await summaryOf((i) => (i % 4 === 3 ? '' : i), { count: 8 });
  expect(channel).toEqual({
    name: 'x',
    unit: '',
    unitsFound: [],
    assets: ['a'],
    count: 6,
    missingShare: 0.25,
    duplicates: 0,
    minimum: 0,
    median: 4,
    maximum: 6,
    typicalIntervalMs: 1000,
    gaps: { count: 0, longest: undefined },
    constant: { count: 0, share: 0, longest: undefined },
    suspicions: [],
  });
});

test('gaps are silences that are long for the series', async () => {
  const silent = (i: number) => (i >= 100 && i < 200) || (i >= 300 && i < 310);
  const { gaps } = await summaryOf((i) => (silent(i) ? '' : wave(i)));
  const longest = { run: '', asset: 'a', from: 99_000, to: 200_000 };
  expect(gaps).toEqual({ count: 2, longest });
});

test('a stretch of one value is told where it is long for the channel', async () => {
  const { constant } = await summaryOf((i) => (i >= 100 && i < 400 ? 5 : wave(i)));
  expect(constant).toEqual({
    count: 1,
    share: 0.5,
    longest: { run: '', asset: 'a', from: 100_000, to: 399_000 },
  });
  const states = await summaryOf((i) => Math.floor(i / 100) % 2);
  expect(states.constant.count).toBe(0);
  const still = await summaryOf(() => 7);
  expect(still.constant).toMatchObject({ share: 1, longest: { from: 0, to: 599_000 } });
});

test('what loggers write for "no value" is told', async () => {
  const { suspicions } = await summaryOf((i) => (i >= 50 && i < 53 ? -9999 : 20 + wave(i)));
  const first = { run: '', asset: 'a', from: 50_000, to: 52_000 };
  expect(suspicions).toEqual([{ kind: 'sentinel', value: -9999, count: 3, first }]);
  expect((await summaryOf((i) => (i % 2) * 999)).suspicions).toEqual([]);
  expect((await summaryOf((i) => i - 1)).suspicions).toEqual([]);
});

test('a stretch that would fit in another unit is told', async () => {
  const celsius = (i: number) => 25 + wave(i);
  const { suspicions } = await summaryOf(
    (i) => (i >= 300 && i < 390 ? celsius(i) * 1.8 + 32 : celsius(i)),
    { unit: '°C' },
  );
  const first = { run: '', asset: 'a', from: 300_000, to: 329_000 };
  expect(suspicions).toEqual([{ kind: 'unit', looksLike: '°F', count: 90, first }]);
  const thousand = await summaryOf((i) => (i < 60 ? 1000 : 1) * (3 + wave(i)));
  expect(thousand.suspicions).toMatchObject([{ kind: 'unit', looksLike: '×1000', count: 60 }]);
  expect((await summaryOf(celsius, { unit: '°C' })).suspicions).toEqual([]);
});

test('runs are told with what is labelled in them', async () => {
  const { summary } = await readFiles(
    { 'r1.csv': 'time,x,state\n0,1,ok\n1,2,ok\n2,3,bad\n3,4,\n', 'r2.csv': 'time,x,state\n5,1,\n' },
    { source: { files: '{run}.csv', asset: 'a', timeUnit: 's', labelColumn: 'state' } },
  );
  expect(summary.runs).toEqual([
    {
      name: 'r1',
      set: undefined,
      readings: 4,
      firstTime: 0,
      lastTime: 3000,
      labelled: [
        { class: 'bad', seconds: 0.999 },
        { class: 'ok', seconds: 1.999 },
      ],
    },
    { name: 'r2', set: undefined, readings: 1, firstTime: 5000, lastTime: 5000, labelled: [] },
  ]);
});
