import { expect, test } from 'vitest';
import { createBackoff } from './backoff.ts';

test('createBackoff() doubles up to its maximum, jitters by half, and starts over', () => {
  const low = createBackoff({ minMs: 100, maxMs: 350, random: () => 0 });
  expect([low.next(), low.next(), low.next(), low.next()]).toEqual([50, 100, 175, 175]);
  low.reset();
  expect(low.next()).toBe(50);
  const high = createBackoff({ minMs: 100, maxMs: 350, random: () => 1 });
  expect([high.next(), high.next(), high.next()]).toEqual([100, 200, 350]);
});
