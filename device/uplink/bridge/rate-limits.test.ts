import { expect, test } from 'vitest';
import { createRateLimits } from './rate-limits.ts';

test('createRateLimits() admits a burst, then its rate, for each owner by itself', () => {
  let now = 0;
  const limits = createRateLimits({ requestsPerMinute: 60, burst: 2, clock: () => now });
  expect([limits.take('a'), limits.take('a'), limits.take('a')]).toEqual([0, 0, 1000]);
  expect(limits.take('b')).toBe(0);
  now = 999;
  expect(limits.take('a')).toBeCloseTo(1);
  now = 1000;
  expect(limits.take('a')).toBe(0);
});

test('createRateLimits() keeps a bounded number of owners, however many names come', () => {
  let now = 0;
  const limits = createRateLimits({ requestsPerMinute: 60, burst: 1, clock: () => now });
  for (let i = 0; i < 1000; i++) expect(limits.take(`name-${i}`)).toBe(0);
  expect(limits.take('one more')).toBeGreaterThan(0);
  now = 1000;
  expect(limits.take('one more')).toBe(0);
});
