import { createRandom } from '@dandan/shared/random';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HARD_REASONS } from '../metrics/flush.ts';
import { type CaseSummary, chooseKept } from './choose-kept.ts';

const QUOTAS = { total: 12, perClass: 6, perAsker: 4 };

const cases = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 6 }),
    reason: fc.constantFrom(...HARD_REASONS),
    answer: fc.constantFrom('a', 'b', 'c'),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }),
    key: fc.constantFrom('k1', 'k2', 'k3'),
    device: fc.constantFrom('', 'd1', 'd2'),
    skipped: fc.boolean(),
  }),
  { selector: ({ id }) => id, maxLength: 60 },
);

const count = (list: readonly CaseSummary[], of: (each: CaseSummary) => string) =>
  Math.max(0, ...[...Map.groupBy(list, of).values()].map((group) => group.length));

test('chooseKept() keeps quotas, and all where there is room', () => {
  fc.assert(
    fc.property(cases, (list) => {
      const kept = chooseKept(list, QUOTAS);
      expect(kept.length).toBeLessThanOrEqual(QUOTAS.total);
      expect(count(kept, ({ answer }) => answer)).toBeLessThanOrEqual(QUOTAS.perClass);
      expect(count(kept, ({ device, key }) => device || key)).toBeLessThanOrEqual(QUOTAS.perAsker);
      expect(list).toEqual(expect.arrayContaining(kept));
      const room = { total: 60, perClass: 60, perAsker: 60 };
      expect(chooseKept(list, room)).toHaveLength(list.length);
    }),
  );
});

test('chooseKept() depends on the cases alone, and choosing again changes nothing', () => {
  fc.assert(
    fc.property(cases, fc.nat(), (list, seed) => {
      const kept = chooseKept(list, QUOTAS);
      expect(chooseKept(createRandom(seed).shuffle([...list]), QUOTAS)).toEqual(kept);
      expect(chooseKept(kept, QUOTAS)).toEqual(kept);
    }),
  );
});

test('chooseKept() gives up no case for one that says less, but for a quota', () => {
  fc.assert(
    fc.property(cases, (list) => {
      const kept = chooseKept(list, QUOTAS);
      if (kept.length < QUOTAS.total) return;
      const left = list.filter((each) => !kept.includes(each));
      const worst = kept[kept.length - 1];
      for (const each of left) {
        const full =
          kept.filter(({ answer }) => answer === each.answer).length === QUOTAS.perClass ||
          kept.filter((k) => (k.device || k.key) === (each.device || each.key)).length ===
            QUOTAS.perAsker;
        if (full || each.skipped !== worst.skipped || each.reason !== worst.reason) continue;
        expect(each.confidence).toBeGreaterThanOrEqual(worst.confidence);
      }
    }),
  );
});

test('chooseKept() prefers waiting to skipped, disagreements to doubt, doubt to less of it', () => {
  const one = { answer: 'a', confidence: 0.4, key: 'k', device: '', skipped: false };
  const list: CaseSummary[] = [
    { ...one, id: '1', reason: 'disagreement', skipped: true },
    { ...one, id: '2', reason: 'low-confidence' },
    { ...one, id: '3', reason: 'low-confidence', confidence: 0.3 },
    { ...one, id: '4', reason: 'disagreement', confidence: 0.99 },
  ];
  expect(chooseKept(list).map(({ id }) => id)).toEqual(['4', '3', '2', '1']);
});

test('one who floods the edge takes its own share, and leaves all others theirs', () => {
  const flood = Array.from({ length: 5000 }, (_, i) => ({
    id: `flood-${i}`,
    reason: 'disagreement' as const,
    answer: 'a',
    confidence: 0,
    key: 'flood',
    device: '',
    skipped: false,
  }));
  const quiet = Array.from({ length: 50 }, (_, i) => ({
    ...flood[0],
    id: `quiet-${i}`,
    key: 'quiet',
    reason: 'low-confidence' as const,
    confidence: 0.49,
  }));
  const kept = chooseKept([...flood, ...quiet]);
  expect(kept.filter(({ key }) => key === 'quiet')).toHaveLength(50);
  expect(kept.filter(({ key }) => key === 'flood')).toHaveLength(100);
});
