import { createTestBundle } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { createBundleCache } from './bundle-cache.ts';

const { bundle } = await createTestBundle();

test('createBundleCache() drops the least recently used bundle first', () => {
  const cache = createBundleCache({ maxBytes: 10 });
  cache.set('a', bundle, 4);
  cache.set('b', bundle, 4);
  expect(cache.get('a')).toBe(bundle);
  cache.set('c', bundle, 4);
  expect(cache.get('b')).toBeUndefined();
  expect(cache.get('a')).toBe(bundle);
  expect(cache.get('c')).toBe(bundle);
});

test('createBundleCache() counts a bundle set twice once', () => {
  const cache = createBundleCache({ maxBytes: 10 });
  for (let i = 0; i < 5; i++) cache.set('a', bundle, 6);
  cache.set('b', bundle, 4);
  expect(cache.get('a')).toBe(bundle);
  expect(cache.get('b')).toBe(bundle);
});

test('createBundleCache() does not keep a bundle above its limit', () => {
  const cache = createBundleCache({ maxBytes: 10 });
  cache.set('a', bundle, 4);
  cache.set('large', bundle, 11);
  expect(cache.get('large')).toBeUndefined();
  expect(cache.get('a')).toBe(bundle);
});

test('makeRoom() frees no more than is needed', () => {
  const cache = createBundleCache({ maxBytes: 10 });
  cache.set('a', bundle, 4);
  cache.set('b', bundle, 4);
  cache.makeRoom(5);
  expect(cache.get('a')).toBeUndefined();
  expect(cache.get('b')).toBe(bundle);
});
