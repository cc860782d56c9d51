import { expect, test } from 'vitest';
import { createBriefCache, KEPT_MS } from './brief-cache.ts';

const found = (value: string) => async () => value;

test('createBriefCache() keeps a value for so long from when it was asked for, and no longer', async () => {
  let time = 1000;
  const cache = createBriefCache<string>({ now: () => time });
  const slow = async () => {
    time += 2_000;
    return 'a';
  };
  expect(await cache.load('k', slow)).toBe('a');
  time += KEPT_MS - 2_001;
  expect(cache.get('k')).toBe('a');
  time += 1;
  expect(cache.get('k')).toBeUndefined();
  time -= 10;
  expect(cache.get('k'), 'what is gone stays gone').toBeUndefined();
});

test('createBriefCache() does not trust a clock that was set back', async () => {
  let time = 10_000;
  const cache = createBriefCache<string>({ now: () => time });
  await cache.load('k', found('a'));
  time -= 1;
  expect(cache.get('k')).toBeUndefined();
});

test('createBriefCache() never keeps what is not there', async () => {
  const cache = createBriefCache<string>();
  expect(await cache.load('k', async () => undefined)).toBeUndefined();
  expect(await cache.load('k', found('a'))).toBe('a');
});

test('createBriefCache() drops a read that a clear overtook', async () => {
  const cache = createBriefCache<string>();
  const { promise, resolve } = Promise.withResolvers<string>();
  const load = cache.load('k', () => promise);
  cache.clear();
  resolve('before the clear');
  expect(await load).toBe('before the clear');
  expect(cache.get('k')).toBeUndefined();
  await cache.load('k', found('after it'));
  expect(cache.get('k')).toBe('after it');
});

test('createBriefCache() holds so many entries and drops the oldest', async () => {
  const cache = createBriefCache<string>({ maxEntries: 3 });
  for (const key of ['a', 'b', 'c', 'd']) await cache.load(key, found(key));
  expect(['a', 'b', 'c', 'd'].map((key) => cache.get(key))).toEqual([undefined, 'b', 'c', 'd']);
});
