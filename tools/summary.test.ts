import { expect, test } from 'vitest';
import { summarise } from './summary.ts';

test('summarise() ends with the counts of passed and failed tests', () => {
  const lines = summarise(
    [
      { name: 'a', state: 'passed' },
      { name: 'b', state: 'passed' },
      { name: 'c', state: 'failed' },
    ],
    0,
  );
  expect(lines).toEqual(['2 passed, 1 failed']);
});

test('summarise() lists skipped tests with their reasons before the counts', () => {
  const lines = summarise(
    [
      { name: 'a', state: 'passed' },
      { name: 'b', state: 'skipped', note: 'no browser' },
      { name: 'c', state: 'skipped' },
    ],
    0,
  );
  expect(lines).toEqual([
    'skipped: b (no browser)',
    'skipped: c (no reason given)',
    '1 passed, 0 failed, 2 skipped',
  ]);
});

test('summarise() counts errors outside tests and tests that never ended as failures', () => {
  const lines = summarise([{ name: 'a', state: 'pending' }], 2);
  expect(lines.at(-1)).toBe('0 passed, 3 failed');
});

test('summarise() fails a run without tests', () => {
  expect(summarise([], 0)).toEqual(['0 passed, 1 failed']);
});
