import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFloat32List, createInt32List } from './number-list.ts';

test('createInt32List() keeps what is pushed, from any expected size', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.nat({ max: 5 }), (values, expected) => {
      const list = createInt32List(expected);
      for (const value of values) list.push(value);
      expect([...list.view()]).toEqual(values);
      expect(values.every((value, at) => list.get(at) === value)).toBe(true);
    }),
  );
});

test('createFloat32List() sets entries in any order, 0 between them', () => {
  const list = createFloat32List(0);
  list.set(3, 0.5);
  list.set(1, 2);
  expect([...list.view()]).toEqual([0, 2, 0, 0.5]);
  list.truncate(1);
  list.set(2, 7);
  expect([...list.view()]).toEqual([0, 0, 7]);
});
