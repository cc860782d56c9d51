import { expect, test } from 'vitest';
import { createLoadMeter, WINDOW_SECONDS } from './load-meter.ts';
import { createSpending } from './spending.ts';

test('createLoadMeter() gives the means of the last ten seconds', () => {
  let time = 1_700_000_000_400;
  const meter = createLoadMeter(() => time);
  const load = () => [meter.requestsPerSecond(), meter.rowsPerSecond()];
  expect(load()).toEqual([0, 0]);
  meter.add(30);
  meter.add(10);
  expect(load()).toEqual([0.2, 4]);
  time += 5000;
  meter.add(60);
  expect(load()).toEqual([0.3, 10]);
  time += 5000;
  expect(load(), 'the first second has left').toEqual([0.1, 6]);
  time += 1000 * WINDOW_SECONDS * 1000;
  expect(load()).toEqual([0, 0]);
});

test('createLoadMeter() survives a clock that goes back', () => {
  let time = 50_000;
  const meter = createLoadMeter(() => time);
  meter.add(10);
  time -= 20_000;
  meter.add(10);
  expect(meter.rowsPerSecond()).toBe(2);
});

test('createSpending() never says less than the isolate spent, nor less than the roll-ups', () => {
  const spending = createSpending((model, scope) => scope === '*' || scope === model);
  const day = { from: 100, to: 200 };
  spending.add('a', 5);
  expect(spending.spent('a', 150), 'nobody asked for this day yet').toBe(0);
  spending.learn('a', day, 0);
  spending.learn('*', day, 0);
  spending.add('a', 5);
  spending.add('b', 7);
  expect([spending.spent('a', 150), spending.spent('*', 150)]).toEqual([5, 12]);
  spending.learn('*', day, 10);
  expect(spending.spent('*', 150), 'the roll-ups are behind').toBe(12);
  spending.learn('*', day, 40);
  spending.add('b', 1);
  expect(spending.spent('*', 150), 'others have spent, too').toBe(41);
  expect([spending.spent('*', 99), spending.spent('*', 200)]).toEqual([0, 0]);
  spending.learn('*', { from: 200, to: 300 }, 0);
  expect(spending.spent('*', 200), 'a new day').toBe(0);
});
