import { expect, test } from 'vitest';
import { createPace } from './pace.ts';

test('createPace() halves its rate when told to, and comes back by one request a second each', () => {
  let now = 0;
  const pace = createPace({ clock: () => now });
  expect(pace.waitMs).toBe(0);
  pace.begin();
  expect(pace.waitMs).toBe(100);
  pace.slow();
  pace.slow();
  expect(pace).toMatchObject({ intervalMs: 400, waitMs: 400 });
  now = 400;
  expect(pace.waitMs).toBe(0);
  pace.quicken();
  expect(1000 / pace.intervalMs).toBeCloseTo(3.5);
  for (let i = 0; i < 20; i++) pace.quicken();
  expect(pace.intervalMs).toBe(100);
  for (let i = 0; i < 20; i++) pace.slow();
  expect(pace.intervalMs).toBe(5000);
});
