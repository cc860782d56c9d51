import { createCascade } from '@dandan/shared/cascade';
import { createTestBundle } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { createCascadeCache } from './cascade-cache.ts';

const cascade = createCascade((await createTestBundle()).bundle);

test('createCascadeCache() drops the least recently used cascade first', () => {
  const cache = createCascadeCache({ maxBytes: 10 });
  cache.set('a', cascade, 4);
  cache.set('b', cascade, 4);
  expect(cache.get('a')).toBe(cascade);
  cache.set('c', cascade, 4);
  expect(cache.get('b')).toBeUndefined();
  expect(cache.get('a')).toBe(cascade);
  expect(cache.get('c')).toBe(cascade);
});

test('createCascadeCache() counts a cascade set twice once', () => {
  const cache = createCascadeCache({ maxBytes: 10 });
  for (let i = 0; i < 5; i++) cache.set('a', cascade, 6);
  cache.set('b', cascade, 4);
  expect(cache.get('a')).toBe(cascade);
  expect(cache.get('b')).toBe(cascade);
});

test('createCascadeCache() does not keep a cascade above its limit', () => {
  const cache = createCascadeCache({ maxBytes: 10 });
  cache.set('a', cascade, 4);
  cache.set('large', cascade, 11);
  expect(cache.get('large')).toBeUndefined();
  expect(cache.get('a')).toBe(cascade);
});

test('makeRoom() frees no more than is needed', () => {
  const cache = createCascadeCache({ maxBytes: 10 });
  cache.set('a', cascade, 4);
  cache.set('b', cascade, 4);
  cache.makeRoom(5);
  expect(cache.get('a')).toBeUndefined();
  expect(cache.get('b')).toBe(cascade);
});
