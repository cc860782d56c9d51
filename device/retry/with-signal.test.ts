import { expect, test } from 'vitest';
import { waitFor } from './wait-for.ts';
import { withSignal } from './with-signal.ts';

const never = new Promise<never>(() => {});

test('withSignal() settles as its promise does', async () => {
  const { signal } = new AbortController();
  expect(await withSignal(Promise.resolve(1), signal)).toBe(1);
  expect(await withSignal(Promise.resolve(2))).toBe(2);
  await expect(withSignal(Promise.reject(new Error('own')), signal)).rejects.toThrow('own');
});

test('withSignal() rejects with the reason of its signal', async () => {
  const reason = new Error('stop');
  await expect(withSignal(never, AbortSignal.abort(reason))).rejects.toBe(reason);
  const controller = new AbortController();
  const waiting = withSignal(never, controller.signal);
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
});

test('waitFor() ends early with its signal', async () => {
  const controller = new AbortController();
  const waiting = waitFor(60_000, controller.signal);
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
});
