import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { NodePlaces } from '../../graph/graph-data.ts';
import {
  findAlarms,
  findIncidents,
  judgeAlarms,
  normalClass,
  settledClasses,
  unbrokenShare,
  usualStep,
  type Watch,
  watchesOf,
  windowRates,
} from './index.ts';

const MINUTE = 60_000;
const ONE_OF_ONE = { n: 1, m: 1 };

/** A watch whose windows are a minute apart; classes are digits, `?` is unknown, 0 is normal. */
function watchOf(truth: string, answers: string): Watch {
  const classes = (text: string) =>
    Int32Array.from(text, (digit) => (digit === '?' ? -1 : Number(digit)));
  return {
    asset: 0,
    run: 0,
    nodes: Int32Array.from(truth, (_, i) => i),
    time: Float64Array.from(truth, (_, i) => i * MINUTE),
    truth: classes(truth),
    answers: classes(answers),
  };
}

const judge = (truth: string, answers: string, settle = ONE_OF_ONE) =>
  judgeAlarms({ watches: [watchOf(truth, answers)], normal: 0, stepMs: MINUTE, settle });

test('findIncidents() joins windows over unknown ones, and tells faults that follow each other apart', () => {
  expect(findIncidents(watchOf('00110', '00000'), 0)).toEqual([
    { class: 1, from: 2, to: 3, begins: true },
  ]);
  expect(findIncidents(watchOf('11?1022?', '00000000'), 0)).toEqual([
    { class: 1, from: 0, to: 3, begins: false },
    { class: 2, from: 5, to: 6, begins: true },
  ]);
  expect(findIncidents(watchOf('?12', '000'), 0)).toEqual([
    { class: 1, from: 1, to: 1, begins: false },
    { class: 2, from: 2, to: 2, begins: true },
  ]);
  expect(findIncidents(watchOf('0?0', '111'), 0)).toEqual([]);
  expect(findIncidents(watchOf('101', '000'), 0)).toHaveLength(2);
});

test('settledClasses() tells another class once n of the last m answers are of it', () => {
  const told = (answers: string, n: number, m: number) =>
    settledClasses(watchOf(answers, answers).answers, { n, m }, 0).join('');
  expect(told('0101100', 2, 3)).toBe('0001110');
  expect(told('1000', 2, 3)).toBe('0000');
  expect(told('1110', 3, 3)).toBe('0011');
  expect(told('1212', 2, 3)).toBe('0012');
  expect(told('0120', 1, 1)).toBe('0120');
});

test('judgeAlarms() measures delays from the first window of the fault, by hand', () => {
  const [late] = judge('000111110', '000001110').incidents;
  expect(late).toMatchObject({
    class: 1,
    begins: true,
    noticedMs: 2 * MINUTE,
    namedMs: 2 * MINUTE,
  });
  const [early] = judge('000111110', '011111110').incidents;
  expect(early).toMatchObject({ noticedMs: -2 * MINUTE, namedMs: -2 * MINUTE });
  const [wrong] = judge('000111110', '000222110').incidents;
  expect(wrong).toMatchObject({ noticedMs: 0, namedMs: 3 * MINUTE });
  const [missed] = judge('000111000', '000000111').incidents;
  expect(missed).toMatchObject({ noticedMs: undefined, namedMs: undefined });
  // The alarm of the first fault is no early one of the second.
  const [, second] = judge('0110220', '0111220').incidents;
  expect(second).toMatchObject({ noticedMs: -1 * MINUTE, namedMs: 0 });
  const [, next] = judge('011220', '011120').incidents;
  expect(next).toMatchObject({ noticedMs: 0, namedMs: 1 * MINUTE });
  // Debouncing by 2 of 3 costs a window.
  const [settled] = judge('000111110', '000111110', { n: 2, m: 3 }).incidents;
  expect(settled).toMatchObject({ noticedMs: MINUTE, namedMs: MINUTE });
});

test('judgeAlarms() counts a false alarm once, however long, and per asset and normal day', () => {
  const { falseAlarms, alarms, normalMs, falsePerAssetDay } = judge(
    '0000001100??00',
    '01101201101110',
  );
  expect(alarms.map(({ from, to, verdict }) => [from, to, verdict])).toEqual([
    [1, 2, 'false'],
    [4, 5, 'false'],
    [7, 8, 'true'],
    [10, 12, 'false'],
  ]);
  expect(falseAlarms).toBe(3);
  expect(normalMs).toBe(10 * MINUTE);
  expect(falsePerAssetDay).toBeCloseTo((3 * 24 * 60) / 10, 9);
  expect(judge('11', '11').falsePerAssetDay).toBeUndefined();
  expect(judge('?', '1').alarms[0].verdict).toBe('unknown');
});

test('windowRates() counts known windows, by hand', () => {
  const { truth, answers } = watchOf('0000112?', '0010120?');
  expect(windowRates(truth, answers, 0)).toEqual({
    truePositives: 2,
    falsePositives: 1,
    falseNegatives: 1,
    trueNegatives: 3,
    f1: 4 / 6,
    falseAlarmRate: 1 / 4,
    missedAlarmRate: 1 / 3,
  });
  expect(windowRates([], [], 0)).toMatchObject({
    f1: undefined,
    falseAlarmRate: undefined,
    missedAlarmRate: undefined,
  });
});

test('normalClass() finds the class by its name, or by what plants call it', () => {
  expect(normalClass(['leak', 'Normal'])).toBe(1);
  expect(normalClass(['leak', '正常'])).toBe(1);
  expect(normalClass(['leak', 'jam'])).toBeUndefined();
  expect(normalClass(['ok', 'normal'])).toBeUndefined();
  expect(normalClass(['ok', 'normal'], 'ok')).toBe(0);
  expect(() => normalClass(['ok', 'leak'], 'fine')).toThrow(
    expect.objectContaining({ code: 'option-invalid', field: '--normal', allowed: 'ok, leak' }),
  );
});

/** Two runs of two assets, five windows each, a minute apart, nodes in no order of time. */
const PLACES: NodePlaces = {
  assets: ['a', 'b'],
  kinds: [undefined, undefined],
  runs: ['x', 'y'],
  asset: Int32Array.from({ length: 20 }, (_, node) => node % 2),
  run: Int32Array.from({ length: 20 }, (_, node) => Number(node >= 10)),
  time: Float64Array.from({ length: 20 }, (_, node) => (9 - Math.floor((node % 10) / 2)) * MINUTE),
};

test('watchesOf() sorts by time, and cuts at windows that were not answered and at gaps', () => {
  const nodes = Int32Array.of(0, 2, 4, 8, 1, 11, 13);
  const labels = Int32Array.from({ length: 20 }, (_, node) => node);
  const watches = watchesOf({ places: PLACES, labels, nodes, answers: nodes.map((n) => n + 100) });
  expect(watches.map(({ run, asset, nodes: own }) => [run, asset, [...own]])).toEqual([
    [0, 0, [8]],
    [0, 0, [4, 2, 0]],
    [0, 1, [1]],
    [1, 1, [13, 11]],
  ]);
  const [, three] = watches;
  expect([...three.time]).toEqual([7, 8, 9].map((minute) => minute * MINUTE));
  expect([...three.truth]).toEqual([4, 2, 0]);
  expect([...three.answers]).toEqual([104, 102, 100]);
  expect(usualStep(PLACES)).toBe(MINUTE);
  const late = { ...PLACES, time: PLACES.time.map((t, node) => (node === 0 ? 60 * MINUTE : t)) };
  const cut = watchesOf({ places: late, labels, nodes, answers: nodes });
  expect(cut.map(({ nodes: own }) => [...own])).toContainEqual([4, 2]);
});

test('unbrokenShare() tells whole stretches from windows drawn by chance', () => {
  const all = Int32Array.from({ length: 20 }, (_, node) => node);
  expect(unbrokenShare(PLACES, all)).toBe(1);
  expect(
    unbrokenShare(
      PLACES,
      all.filter((node) => node < 10),
    ),
  ).toBe(1);
  expect(unbrokenShare(PLACES, Int32Array.of(0, 4, 8))).toBe(0);
  expect(unbrokenShare(PLACES, new Int32Array(0))).toBe(0);
});

const CLASSES = 4;
const windows = (from: number) =>
  fc.array(fc.tuple(fc.integer({ min: from, max: CLASSES - 1 }), fc.nat(CLASSES - 1)), {
    minLength: 1,
    maxLength: 60,
  });

function drawn(pairs: readonly (readonly [number, number])[]): Watch {
  const text = pairs.map(([truth]) => (truth < 0 ? '?' : String(truth))).join('');
  return watchOf(text, pairs.map(([, answer]) => String(answer)).join(''));
}

test('property: every faulty window is in one incident, every told one in one alarm', () => {
  fc.assert(
    fc.property(windows(-1), (pairs) => {
      const watch = drawn(pairs);
      const incidents = findIncidents(watch, 0);
      const covering = (window: number) =>
        incidents.filter(({ from, to }) => from <= window && window <= to);
      watch.truth.forEach((value, window) => {
        const own = covering(window);
        if (value > 0) expect(own.map((one) => one.class)).toEqual([value]);
        if (value === 0) expect(own).toEqual([]);
      });
      const alarms = findAlarms(watch, watch.answers, 0);
      const told = alarms.reduce((sum, { from, to }) => sum + to - from + 1, 0);
      expect(told).toBe(watch.answers.filter((answer) => answer !== 0).length);
      for (const { from, to, verdict } of alarms) {
        expect(watch.answers[from - 1] ?? 0).toBe(0);
        expect(watch.answers[to + 1] ?? 0).toBe(0);
        const faulty = watch.truth.subarray(from, to + 1).some((value) => value > 0);
        expect(verdict === 'true').toBe(faulty);
      }
    }),
  );
});

test('property: settledClasses() is what votes counted one by one give', () => {
  fc.assert(
    fc.property(windows(0), fc.integer({ min: 1, max: 6 }), fc.nat(5), (pairs, m, less) => {
      const n = Math.max(1, m - less);
      const { answers } = drawn(pairs);
      const votes: number[] = [];
      let told = 0;
      const expected = Array.from(answers, (answer) => {
        votes.push(answer);
        votes.splice(0, votes.length - m);
        if (votes.filter((vote) => vote === answer).length >= n) told = answer;
        return told;
      });
      expect([...settledClasses(answers, { n, m }, 0)]).toEqual(expected);
    }),
  );
});

test('property: the truth as answers misses nothing, comes at once and never in vain', () => {
  fc.assert(
    fc.property(windows(0), (pairs) => {
      const watch = drawn(pairs.map(([truth]) => [truth, truth]));
      const { incidents, falseAlarms } = judgeAlarms({
        watches: [watch],
        normal: 0,
        stepMs: MINUTE,
        settle: ONE_OF_ONE,
      });
      expect(falseAlarms).toBe(0);
      for (const { noticedMs, namedMs } of incidents) expect([noticedMs, namedMs]).toEqual([0, 0]);
      const silent = { ...watch, answers: new Int32Array(watch.answers.length) };
      const none = judgeAlarms({ watches: [silent], normal: 0, stepMs: MINUTE });
      expect(none.alarms).toEqual([]);
      expect(none.incidents.every(({ noticedMs }) => noticedMs === undefined)).toBe(true);
    }),
  );
});

test('property: a fault is noticed no later than it is named, and within its time', () => {
  fc.assert(
    fc.property(windows(-1), (pairs) => {
      const watch = drawn(pairs);
      const { incidents } = judgeAlarms({ watches: [watch], normal: 0, stepMs: MINUTE });
      for (const { from, to, noticedMs, namedMs } of incidents) {
        if (namedMs === undefined) continue;
        expect(noticedMs).toBeLessThanOrEqual(namedMs);
        expect(namedMs).toBeLessThanOrEqual(watch.time[to] - watch.time[from]);
      }
    }),
  );
});
