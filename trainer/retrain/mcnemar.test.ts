import { createRandom } from '@dandan/shared/random';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { largestLoss, mcNemar } from './mcnemar.ts';

test.each([
  // scipy.stats.binomtest(min, n, 0.5, alternative): one-sided less, greater, two-sided.
  [0, 0, 1, 1, 1],
  [0, 5, 0.03125, 1, 0.0625],
  [2, 8, 0.0546875, 0.9892578125, 0.109375],
  [10, 10, 0.5880985260009766, 0.5880985260009766, 1],
  [47, 34, 0.9404, 0.091, 0.182],
])('mcNemar() of %i and %i', (onlyChampion, onlyChallenger, better, worse, different) => {
  const test = mcNemar({ onlyChampion, onlyChallenger });
  expect(test.better).toBeCloseTo(better, 3);
  expect(test.worse).toBeCloseTo(worse, 3);
  expect(test.different).toBeCloseTo(different, 3);
});

const count = fc.nat(400);

test('mcNemar() turns round with its sides', () => {
  fc.assert(
    fc.property(count, count, (a, b) => {
      const one = mcNemar({ onlyChampion: a, onlyChallenger: b });
      const other = mcNemar({ onlyChampion: b, onlyChallenger: a });
      expect(one.better).toBe(other.worse);
      expect(one.different).toBe(other.different);
    }),
  );
});

test('largestLoss() is above what was seen, falls with more rows and is all without any', () => {
  expect(largestLoss({ onlyChampion: 0, onlyChallenger: 0 }, 0, 0.05)).toBe(1);
  // Clopper–Pearson: no loss in 100 rows, 1 − 0.025^(1/100) at 97.5 %.
  expect(largestLoss({ onlyChampion: 0, onlyChallenger: 0 }, 100, 0.05)).toBeCloseTo(0.03622, 4);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (a, b) => {
      const seen = { onlyChampion: a, onlyChallenger: b };
      const small = largestLoss(seen, 100, 0.05);
      expect(small).toBeGreaterThan((a - b) / 100);
      const more = { onlyChampion: 5 * a, onlyChallenger: 5 * b };
      expect(largestLoss(more, 500, 0.05)).toBeLessThan(small);
    }),
    { numRuns: 30 },
  );
});

test('largestLoss() covers the true loss as often as it says', () => {
  const random = createRandom(4);
  const [lose, win, n, draws, level] = [0.06, 0.03, 300, 400, 0.1];
  let missed = 0;
  for (let draw = 0; draw < draws; draw++) {
    const seen = { onlyChampion: 0, onlyChallenger: 0 };
    for (let i = 0; i < n; i++) {
      const u = random.next();
      if (u < lose) seen.onlyChampion++;
      else if (u < lose + win) seen.onlyChallenger++;
    }
    if (largestLoss(seen, n, level) < lose - win) missed++;
  }
  expect(missed).toBeLessThanOrEqual(draws * level);
});
