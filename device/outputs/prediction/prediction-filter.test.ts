import { type Prediction, predictionId } from '@dandan/shared/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ALL_LEAVE,
  createPredictionFilter,
  type FilterResult,
  MAX_ASSETS,
  type PredictionRules,
  widensRules,
  withDesired,
} from './index.ts';

const BUNDLE = 'a'.repeat(64);

function prediction(t: number, more: Partial<Prediction> = {}): Prediction {
  const asset = more.asset ?? 'press-1';
  return {
    id: predictionId(BUNDLE, asset, t),
    model: 'press',
    asset,
    t,
    class: 0,
    label: 'ok',
    confidence: 0.9,
    stage: 1,
    tier: 'gateway',
    bundle: BUNDLE,
    degraded: false,
    ...more,
  };
}

function filterOf(rules: Partial<PredictionRules>, snapshot?: unknown) {
  return createPredictionFilter({ rules: { ...ALL_LEAVE, ...rules }, snapshot });
}

const times = ({ publish }: FilterResult) => publish.map(({ t }) => t);

test('without rules all leave and nothing is remembered', () => {
  const filter = filterOf({});
  for (const t of [5, 5, 1]) expect(times(filter.offer(prediction(t)))).toEqual([t]);
  expect(filter.snapshot()).toEqual({ schema: 1, assets: [] });
});

test('one leaves an interval; the newest of the others leaves at its end', () => {
  const filter = filterOf({ minIntervalMs: 10 });
  expect(times(filter.offer(prediction(100)))).toEqual([100]);
  expect(times(filter.offer(prediction(103)))).toEqual([]);
  expect(filter.offer(prediction(106))).toMatchObject({ publish: [], suppressed: [{ t: 103 }] });
  expect(times(filter.advance(109))).toEqual([]);
  expect(times(filter.advance(110))).toEqual([106]);
  expect(times(filter.offer(prediction(112)))).toEqual([]);
  // A later prediction lets out what waited until then, and goes itself if the next interval is over.
  expect(times(filter.offer(prediction(140)))).toEqual([112, 140]);
  expect(filter.counters()).toMatchObject({ limited: 1 });
});

test('a burst may leave at once after a quiet time', () => {
  const filter = filterOf({ minIntervalMs: 10, burst: 3 });
  const left = [0, 1, 2, 3, 4, 40, 41, 42, 43].flatMap((t) => times(filter.offer(prediction(t))));
  expect([...left, ...times(filter.flush())]).toEqual([0, 1, 2, 4, 40, 41, 42, 43]);
});

test('assets and models are limited apart', () => {
  const filter = filterOf({ minIntervalMs: 10 });
  const named = (model: string) => prediction(1, { model });
  for (const each of [named('press'), named('oven'), prediction(1, { asset: 'press-2' })]) {
    expect(filter.offer(each).publish).toHaveLength(1);
  }
});

test('under changeOnly a change of class, of confidence, of bundle or a long silence leaves', () => {
  const filter = filterOf({ changeOnly: true, confidenceStep: 0.2, heartbeatMs: 1000 });
  const leaves = (t: number, more: Partial<Prediction> = {}) =>
    filter.offer(prediction(t, more)).publish.length === 1;
  expect(leaves(0)).toBe(true);
  expect(leaves(10)).toBe(false);
  expect(leaves(20, { confidence: 0.71 })).toBe(false);
  expect(leaves(30, { confidence: 0.6 })).toBe(true);
  expect(leaves(40, { class: 1, confidence: 0.6 })).toBe(true);
  expect(leaves(50, { class: 1, confidence: 0.6, bundle: 'b' })).toBe(true);
  expect(leaves(60, { class: 1, confidence: 0.6, bundle: 'b', degraded: true })).toBe(true);
  const steady = { class: 1, confidence: 0.6, bundle: 'b', degraded: true };
  expect(leaves(1059, steady)).toBe(false);
  expect(leaves(1060, steady)).toBe(true);
});

test('a change that is taken back before it left is never told', () => {
  const filter = filterOf({ changeOnly: true, minIntervalMs: 100 });
  filter.offer(prediction(0));
  expect(filter.offer(prediction(10, { class: 1 })).publish).toEqual([]);
  const { publish, suppressed } = filter.offer(prediction(20));
  expect([publish, suppressed.map(({ t }) => t)]).toEqual([[], [10, 20]]);
  expect(filter.flush().publish).toEqual([]);
});

test('the answer that a degraded one promised leaves, however old it is', () => {
  const filter = filterOf({ changeOnly: true, minIntervalMs: 10 });
  const late = (t: number) => filter.offer(prediction(t, { tier: 'edge' }));
  filter.offer(prediction(0, { degraded: true }));
  filter.offer(prediction(100));
  expect(times(late(0))).toEqual([0]);
  expect(late(0)).toMatchObject({ publish: [], suppressed: [{ t: 0 }] });
  expect(filter.counters().stale).toBe(1);
});

test('an answer of the edge takes the place of a degraded one that waits', () => {
  const filter = filterOf({ minIntervalMs: 10 });
  filter.offer(prediction(0));
  filter.offer(prediction(5, { degraded: true }));
  const { suppressed } = filter.offer(prediction(5, { tier: 'edge', class: 1 }));
  expect(suppressed).toMatchObject([{ degraded: true }]);
  expect(filter.flush().publish).toMatchObject([{ t: 5, tier: 'edge', class: 1 }]);
});

test('unsure predictions do not leave, and another class leaves by n of m', () => {
  const filter = filterOf({ minConfidence: 0.5, settle: { n: 2, m: 3 } });
  const classes = [0, 1, 0, 1, 1, 1, 0, 0];
  const left = classes.flatMap((given, t) =>
    filter.offer(prediction(t, { class: given })).publish.map((each) => `${each.t}:${each.class}`),
  );
  expect(left).toEqual(['0:0', '2:0', '3:1', '4:1', '5:1', '7:0']);
  expect(filter.offer(prediction(9, { confidence: 0.4 })).suppressed).toHaveLength(1);
  expect(filter.counters()).toMatchObject({ unsure: 1, unsettled: 2 });
});

test('memory stays bounded, and what is forgotten leaves first', () => {
  const filter = filterOf({ minIntervalMs: 1000 });
  filter.offer(prediction(0, { asset: 'first' }));
  filter.offer(prediction(1, { asset: 'first' }));
  const left: Prediction[] = [];
  for (let i = 0; i < MAX_ASSETS; i++) {
    left.push(...filter.offer(prediction(2, { asset: `a${i}` })).publish);
  }
  expect(left.filter(({ asset }) => asset === 'first')).toMatchObject([{ t: 1 }]);
  const { assets } = filter.snapshot() as { assets: unknown[] };
  expect(assets).toHaveLength(MAX_ASSETS);
});

test('rules that are lifted let out what they held', () => {
  const filter = filterOf({ minIntervalMs: 1000 });
  filter.offer(prediction(0));
  filter.offer(prediction(10));
  filter.setRules(ALL_LEAVE);
  expect(times(filter.offer(prediction(2000)))).toEqual([10, 2000]);
});

const someRules = fc.record({
  minIntervalMs: fc.constantFrom(0, 5, 20),
  burst: fc.integer({ min: 1, max: 3 }),
  changeOnly: fc.boolean(),
  confidenceStep: fc.constant(0.2),
  heartbeatMs: fc.constant(50),
  minConfidence: fc.constantFrom(0, 0.3),
  settle: fc.constantFrom(undefined, { n: 2, m: 3 }),
});
const someStream = fc.array(
  fc.record({
    t: fc.integer({ min: 0, max: 200 }),
    asset: fc.constantFrom('a', 'b'),
    class: fc.integer({ min: 0, max: 2 }),
    confidence: fc.constantFrom(0.2, 0.5, 0.9),
    degraded: fc.boolean(),
  }),
  { maxLength: 60 },
);

test('each prediction leaves or is suppressed once; a snapshot at any place changes nothing', () => {
  fc.assert(
    fc.property(someRules, someStream, fc.nat(60), (rules, stream, cut) => {
      const offered = stream.map(({ t, ...more }) => prediction(t, more));
      const whole = createPredictionFilter({ rules });
      let parts = createPredictionFilter({ rules });
      const results = offered.map((each) => whole.offer(each));
      const again = offered.map((each, i) => {
        if (i === cut) {
          const snapshot = JSON.parse(JSON.stringify(parts.snapshot()));
          parts = createPredictionFilter({ rules, snapshot });
        }
        return parts.offer(each);
      });
      expect(again).toEqual(results);
      const last = whole.flush();
      expect(parts.flush()).toEqual(last);
      const settled = [...results, last].flatMap(({ publish, suppressed }) => [
        ...publish,
        ...suppressed,
      ]);
      expect(settled).toHaveLength(offered.length);
      expect(new Set(settled).size).toBe(new Set(offered).size);
    }),
    { numRuns: 300 },
  );
});

test('ticks in between change only when something leaves, never what', () => {
  fc.assert(
    fc.property(someRules, someStream, (rules, stream) => {
      const ordered = stream.toSorted((a, b) => a.t - b.t);
      const offered = ordered.map(({ t, ...more }) => prediction(t, more));
      const [quiet, ticking] = [
        createPredictionFilter({ rules }),
        createPredictionFilter({ rules }),
      ];
      const left: Prediction[][] = [[], []];
      for (const each of offered) {
        left[0].push(...quiet.offer(each).publish);
        left[1].push(...ticking.advance(each.t).publish, ...ticking.offer(each).publish);
      }
      const ofAsset = (list: Prediction[], name: string) =>
        list.filter(({ asset }) => asset === name);
      left[0].push(...quiet.flush().publish);
      left[1].push(...ticking.flush().publish);
      for (const name of ['a', 'b']) expect(ofAsset(left[1], name)).toEqual(ofAsset(left[0], name));
    }),
    { numRuns: 200 },
  );
});

test('no more leave than the interval allows, the owed apart', () => {
  fc.assert(
    fc.property(someStream, fc.integer({ min: 1, max: 3 }), (stream, burst) => {
      const filter = filterOf({ minIntervalMs: 20, burst });
      const ordered = stream.toSorted((a, b) => a.t - b.t);
      const left = ordered.flatMap(
        ({ t, ...more }) =>
          filter.offer(prediction(t, { ...more, asset: 'a', degraded: false })).publish,
      );
      const span = ordered.length === 0 ? 0 : ordered[ordered.length - 1].t - ordered[0].t;
      expect(left.length).toBeLessThanOrEqual(burst + Math.floor(span / 20));
    }),
  );
});

test('wishes from afar may hold more back, never less', () => {
  const own = { ...ALL_LEAVE, minIntervalMs: 1000, changeOnly: true };
  expect(widensRules({ minIntervalMs: 5000, heartbeatMs: 600_000 }, own)).toBeUndefined();
  expect(widensRules({ minIntervalMs: 500 }, own)).toContain('from 1000');
  expect(widensRules({ changeOnly: false }, own)).toContain('changeOnly');
  expect(widensRules({ heartbeatMs: 1000 }, own)).toContain('heartbeatMs');
  expect(withDesired(own, { minIntervalMs: 5000 })).toEqual({ ...own, minIntervalMs: 5000 });
  expect(withDesired(own)).toEqual(own);
});
