import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ChannelBuffer,
  createChannelBuffer,
  dropUntil,
  insertSample,
  MAX_BUFFERED_SAMPLES,
  rangeUntil,
  sizeOf,
} from './channel-buffer.ts';

const time = fc.nat({ max: 50 });

function contents(buffer: ChannelBuffer, until = Number.POSITIVE_INFINITY): [number, number][] {
  const { times, values, begin, end } = rangeUntil(buffer, until);
  return Array.from({ length: end - begin }, (_, i) => [times[begin + i], values[begin + i]]);
}

test('a channel buffer behaves like a sorted map from time to value', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('insert' as const), time, value: fc.integer() }),
    fc.record({ kind: fc.constant('drop' as const), time, value: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100, size: 'max' }), time, (steps, until) => {
      const buffer = createChannelBuffer();
      const model = new Map<number, number>();
      let dropped = Number.NEGATIVE_INFINITY;
      for (const { kind, time: at, value } of steps) {
        if (kind === 'insert') {
          expect(insertSample(buffer, at, value)).toBe(!model.has(at));
          model.set(at, value);
        } else {
          dropUntil(buffer, at);
          for (const known of model.keys()) {
            if (known > at) continue;
            dropped = Math.max(dropped, known);
            model.delete(known);
          }
        }
      }
      const expected = [...model].sort(([a], [b]) => a - b);
      expect(contents(buffer)).toEqual(expected);
      expect(contents(buffer, until)).toEqual(expected.filter(([t]) => t <= until));
      expect(sizeOf(buffer)).toBe(expected.length);
      expect(buffer.droppedTime).toBe(dropped);
    }),
    { numRuns: 300 },
  );
});

test('a channel buffer that slides takes twice its window, and keeps its samples', () => {
  const buffer = createChannelBuffer();
  for (let t = 0; t < 10_000; t++) {
    insertSample(buffer, t, 2 * t);
    dropUntil(buffer, t - 100);
    // Now and then one that comes late.
    if (t % 7 === 0) insertSample(buffer, t - 50.5, t);
  }
  expect(buffer.times.length).toBeLessThan(400);
  expect(contents(buffer).filter(([t]) => Number.isInteger(t))).toEqual(
    Array.from({ length: 100 }, (_, i) => [9900 + i, 2 * (9900 + i)]),
  );
  expect([buffer.droppedTime, buffer.droppedValue]).toEqual([9899, 2 * 9899]);
});

test('a channel buffer forgets the oldest beyond its limit', () => {
  const buffer = createChannelBuffer();
  for (let t = 0; t < MAX_BUFFERED_SAMPLES + 3; t++) insertSample(buffer, t, t);
  const held = contents(buffer);
  expect(held).toHaveLength(MAX_BUFFERED_SAMPLES);
  expect(held[0]).toEqual([3, 3]);
});

test('a channel buffer gives the room of a burst back', () => {
  const buffer = createChannelBuffer();
  for (let t = 0; t < 50_000; t++) insertSample(buffer, t, t);
  for (let t = 50_000; t < 51_000; t++) {
    dropUntil(buffer, t - 10);
    insertSample(buffer, t, t);
  }
  expect(buffer.times.length).toBeLessThan(2000);
  expect(buffer.values.length).toBe(buffer.times.length);
  expect(contents(buffer)).toEqual(Array.from({ length: 10 }, (_, i) => [50_990 + i, 50_990 + i]));
});
