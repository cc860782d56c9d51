import type { FeatureRow } from '@dandan/shared/features';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRowBatcher } from './row-batcher.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const rows = (count: number): FeatureRow[] =>
  Array.from({ length: count }, (_, time) => ({ asset: 'a', time, values: new Float32Array(1) }));

test('createRowBatcher() hands rows on together after a short delay', () => {
  const batches: number[] = [];
  const batcher = createRowBatcher((batch) => batches.push(batch.length));
  batcher.add(rows(2));
  batcher.add(rows(3));
  expect(batches).toEqual([]);
  vi.runAllTimers();
  expect(batches).toEqual([5]);
});

test('createRowBatcher() hands a full batch on at once, and the rest on flush()', () => {
  const batches: number[] = [];
  const batcher = createRowBatcher((batch) => batches.push(batch.length));
  batcher.add(rows(256));
  batcher.add(rows(1));
  expect(batches).toEqual([256]);
  batcher.flush();
  batcher.flush();
  vi.runAllTimers();
  expect(batches).toEqual([256, 1]);
});
