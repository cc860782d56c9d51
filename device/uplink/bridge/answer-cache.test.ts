import { expect, test } from 'vitest';
import { createAnswerCache } from './answer-cache.ts';

const reply = (bytes: number) => ({
  status: 200,
  contentType: 'application/json',
  body: new Uint8Array(bytes),
});

test('createAnswerCache() forgets after a minute', () => {
  let now = 0;
  const cache = createAnswerCache({ clock: () => now });
  cache.set('a', reply(1));
  now = 59_999;
  expect(cache.get('a')).toEqual(reply(1));
  now = 60_000;
  expect(cache.get('a')).toBeUndefined();
});

test('createAnswerCache() is bounded in number and bytes, the oldest leaves', () => {
  const cache = createAnswerCache({ clock: () => 0 });
  for (let i = 0; i < 300; i++) cache.set(`${i}`, reply(1));
  expect(cache.get('43')).toBeUndefined();
  expect(cache.get('44')).toBeDefined();
  const half = 4 * 1024 * 1024;
  cache.set('x', reply(half));
  cache.set('y', reply(half));
  expect([cache.get('299'), cache.get('x'), cache.get('y')].map(Boolean)).toEqual([
    false,
    true,
    true,
  ]);
  cache.set('z', reply(2 * half + 1));
  expect([cache.get('y'), cache.get('z')].map(Boolean)).toEqual([true, false]);
});
