import { expect, test } from 'vitest';
import { createBriefCache, KEPT_MS, REFRESH_MS } from './brief-cache.ts';

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

test('createBriefCache() reads an entry that gets old anew once, beside whoever finds it', async () => {
  let time = 0;
  let reads = 0;
  const work: Promise<unknown>[] = [];
  const cache = createBriefCache<number>({ now: () => time });
  const read = async () => ++reads;
  const find = () => cache.getRefreshed('k', read, (each) => work.push(each));
  expect(find(), 'where there is none, nobody is asked').toBeUndefined();
  await cache.load('k', read);
  time = REFRESH_MS - 1;
  expect([find(), work.length]).toEqual([1, 0]);
  time = REFRESH_MS;
  expect([find(), find(), work.length]).toEqual([1, 1, 1]);
  await Promise.all(work);
  expect([find(), reads]).toEqual([2, 2]);
  time = REFRESH_MS + KEPT_MS - 1;
  expect(find()).toBe(2);
  time += 1;
  expect(cache.getRefreshed('k', read, undefined)).toBeUndefined();
});

test('createBriefCache() lets go at once what a read beside finds gone, and outlasts a failure', async () => {
  let time = 0;
  const work: Promise<unknown>[] = [];
  const beside = (each: Promise<unknown>) => work.push(each);
  const cache = createBriefCache<string>({ now: () => time });
  await cache.load('gone', found('a'));
  await cache.load('kept', found('b'));
  time = REFRESH_MS;
  expect(cache.getRefreshed('gone', async () => undefined, beside)).toBe('a');
  expect(cache.getRefreshed('kept', () => Promise.reject(new Error('D1')), beside)).toBe('b');
  await Promise.all(work);
  expect([cache.get('gone'), cache.get('kept')]).toEqual([undefined, 'b']);
  time = KEPT_MS;
  expect(cache.get('kept')).toBeUndefined();
});
