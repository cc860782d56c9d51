import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFloat32List, createInt32List } from '../number-list.ts';
import { parseFeatures } from './parse-features.ts';

function createEntries() {
  return { indices: createInt32List(), values: createFloat32List() };
}

test('parseFeatures() reads any row back, ascending and without zeros', () => {
  const row = fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 0, max: 999_999 }),
      value: fc.oneof(
        fc.constant(1),
        fc.constant(0),
        fc.float({ noNaN: true, noDefaultInfinity: true }),
      ),
    }),
    { selector: ({ id }) => id },
  );
  fc.assert(
    fc.property(row, (columns) => {
      const text = columns.map(({ id, value }) => (value === 1 ? `${id}` : `${id}:${value}`));
      const entries = createEntries();
      expect(parseFeatures(text.join(' '), entries)).toBeUndefined();
      const wanted = columns.filter(({ value }) => value !== 0).sort((a, b) => a.id - b.id);
      expect([...entries.indices.view()]).toEqual(wanted.map(({ id }) => id));
      expect([...entries.values.view()]).toEqual(wanted.map(({ value }) => value));
    }),
  );
});

test('parseFeatures() leaves earlier rows alone when a row is refused', () => {
  const entries = createEntries();
  parseFeatures('1 2', entries);
  for (const text of ['5 x', '7 3:inf', '4 4', '9 1000000', '6 -1', '8 1.5', '3 :2']) {
    expect(parseFeatures(text, entries)).toBeDefined();
  }
  expect([...entries.indices.view()]).toEqual([1, 2]);
  expect(entries.values).toHaveLength(2);
});
