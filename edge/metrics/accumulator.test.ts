import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUNDLE, someTally, tallies } from '../testing/tallies.ts';
import {
  createAccumulator,
  MAX_ASKERS,
  MAX_CANDIDATES,
  MAX_CANDIDATES_PER_ASKER,
  MAX_OUTCOMES,
  type Observed,
  OTHER_ASKERS,
} from './accumulator.ts';
import type { HardCandidate } from './flush.ts';
import { SOURCES } from './observation.ts';
import { addTally, createTally } from './tally.ts';

const names = (...list: readonly string[]) => fc.constantFrom(...list);

const observations: fc.Arbitrary<Observed> = fc.record({
  source: fc.constantFrom(...SOURCES),
  model: names('a', 'b'),
  bundle: names(BUNDLE, 'c'.repeat(64)),
  policy: fc.constantFrom('day', 'night'),
  asker: fc.record({ key: names('k1', 'k2'), device: names('', 'd') }),
  tally: tallies,
});

function observed(parts: Partial<Observed> = {}): Observed {
  return {
    source: 'predict',
    model: 'a',
    bundle: BUNDLE,
    policy: 'day',
    asker: { key: 'k', device: '' },
    tally: someTally(1),
    ...parts,
  };
}

test('an accumulator gives the sum of what was added, once', () => {
  fc.assert(
    fc.property(fc.array(observations, { maxLength: 12 }), (list) => {
      const accumulator = createAccumulator();
      for (const each of list) accumulator.add(each);
      const taken = accumulator.take();
      const series = taken.flatMap((flush) => flush.series);
      const total = series.reduce((sum, { tally }) => addTally(sum, tally), createTally());
      const expected = list.reduce((sum, { tally }) => addTally(sum, tally), createTally());
      expect(total).toEqual(expected);
      const nodes = taken.flatMap(({ askers }) => askers).reduce((sum, a) => sum + a.nodes, 0);
      expect(nodes).toBe(expected.nodes);
      const places = new Set(list.map((e) => `${e.model} ${e.bundle} ${e.policy} ${e.source}`));
      expect(series).toHaveLength(places.size);
      expect(accumulator.take()).toEqual([]);
    }),
  );
});

test('rows of escalations are counted as such by asker', () => {
  const accumulator = createAccumulator();
  accumulator.add(observed({ source: 'escalation', tally: someTally(3) }));
  accumulator.add(observed({ tally: { ...someTally(4), degraded: 2 } }));
  const [{ askers }] = accumulator.take();
  expect(askers).toEqual([
    { key: 'k', device: '', bundle: BUNDLE, requests: 2, nodes: 7, escalations: 3, degraded: 2 },
  ]);
});

test('askers beyond the limit are counted together', () => {
  const accumulator = createAccumulator();
  for (let i = 0; i < MAX_ASKERS + 10; i++) {
    accumulator.add(observed({ asker: { key: `k${i}`, device: '' } }));
  }
  accumulator.add(observed({ asker: { key: 'k3', device: '' } }));
  const [{ askers }] = accumulator.take();
  expect(askers).toHaveLength(MAX_ASKERS + 1);
  expect(askers.find(({ key }) => key === OTHER_ASKERS)?.nodes).toBe(10);
  expect(askers.find(({ key }) => key === 'k3')?.nodes).toBe(2);
});

test('audits keep their order, and a flood of them is cut whatever they show', () => {
  const accumulator = createAccumulator();
  const audit = (outcomes: string) => observed({ audit: { alpha: 0.1, delta: 0.1, outcomes } });
  accumulator.add(audit('010'));
  accumulator.add(audit('1'));
  accumulator.add(audit('0'.repeat(MAX_OUTCOMES)));
  accumulator.add(audit('111'));
  const [{ audits }] = accumulator.take();
  expect(audits).toHaveLength(1);
  expect(audits[0].outcomes).toBe('0101'.padEnd(MAX_OUTCOMES, '0'));
});

test('hard rows are bounded, of one asker and of all', () => {
  const candidate = (key: string): HardCandidate => ({
    bundle: BUNDLE,
    policy: 'day',
    key,
    device: '',
    reason: 'low-confidence',
    class: 0,
    label: 'a',
    confidence: 0.4,
    fullLabel: null,
    row: new Uint8Array(8),
  });
  const accumulator = createAccumulator();
  const add = (key: string, count: number) =>
    accumulator.add(observed({ hardCases: Array.from({ length: count }, () => candidate(key)) }));
  add('flood', 100);
  expect(accumulator.room('a', { key: 'flood', device: '' })).toBe(0);
  expect(accumulator.room('a', { key: 'quiet', device: '' })).toBe(MAX_CANDIDATES_PER_ASKER);
  add('quiet', 2);
  for (const key of ['x', 'y', 'z']) add(key, 100);
  const [{ hardCases }] = accumulator.take();
  expect(hardCases).toHaveLength(MAX_CANDIDATES);
  const counts = Map.groupBy(hardCases, ({ key }) => key);
  expect(counts.get('flood')).toHaveLength(MAX_CANDIDATES_PER_ASKER);
  expect(counts.get('quiet')).toHaveLength(2);
});

test('counters of sampled rows are the same until they are taken', () => {
  const accumulator = createAccumulator();
  const counts = accumulator.drift('a', BUNDLE, 3);
  counts.counts[2]++;
  counts.rows++;
  expect(accumulator.drift('a', BUNDLE, 3)).toBe(counts);
  const [{ drift }] = accumulator.take();
  expect(drift).toEqual([{ bundle: BUNDLE, rows: 1, counts: Uint32Array.of(0, 0, 1) }]);
});
