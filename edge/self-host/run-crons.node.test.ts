import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runCrons } from './run-crons.ts';
import { ServeError } from './serve-error.ts';

const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 4, 10, 58, 30) });
});
afterEach(() => {
  vi.useRealTimers();
});

function recorded(...expressions: string[]) {
  const calls: string[] = [];
  const call = async (expression: string, time: number) => {
    calls.push(`${expression} at ${new Date(time).toISOString().slice(8, 16)}`);
  };
  return { calls, stop: runCrons({ expressions, call }) };
}

test('runCrons() calls each expression at its times in UTC', async () => {
  const { calls, stop } = recorded('*/5 * * * *', '0 11 * * *');
  await vi.advanceTimersByTimeAsync(8 * MINUTE);
  expect(calls.toSorted()).toEqual([
    '*/5 * * * * at 04T11:00',
    '*/5 * * * * at 04T11:05',
    '0 11 * * * at 04T11:00',
  ]);
  stop();
  await vi.advanceTimersByTimeAsync(60 * MINUTE);
  expect(calls).toHaveLength(3);
});

test.each([
  ['Sunday', 4, ['0 12 * * 1', '0 12 * * SUN']],
  ['Monday', 5, ['0 12 * * 2']],
])('runCrons() counts weekdays as the platform does: %s', async (_, day, expected) => {
  vi.setSystemTime(Date.UTC(2026, 0, day, 11, 59));
  const { calls, stop } = recorded('0 12 * * 1', '0 12 * * SUN', '0 12 * * 2');
  await vi.advanceTimersByTimeAsync(2 * MINUTE);
  stop();
  expect(calls.toSorted()).toEqual(expected.map((each) => `${each} at 0${day}T12:00`));
});

test('runCrons() does not call again what still runs, and goes on after a failure', async () => {
  let running = 0;
  let most = 0;
  let calls = 0;
  const stop = runCrons({
    expressions: ['* * * * *'],
    async call() {
      calls += 1;
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 2.5 * MINUTE));
      running -= 1;
    },
  });
  await vi.advanceTimersByTimeAsync(10 * MINUTE);
  stop();
  expect(most).toBe(1);
  expect(calls).toBeGreaterThan(1);
});

test('runCrons() refuses what it cannot read and starts none of the others', () => {
  const call = vi.fn(async () => {});
  expect(() => runCrons({ expressions: ['* * * * *', '61 * * * *'], call })).toThrow(ServeError);
  expect(vi.getTimerCount()).toBe(0);
});
