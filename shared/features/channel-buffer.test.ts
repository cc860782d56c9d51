import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ChannelBuffer, createChannelBuffer, MAX_BUFFERED_SAMPLES } from './channel-buffer.ts';

const time = fc.nat({ max: 50 });

function contents(buffer: ChannelBuffer, after: number, until: number) {
  const { times, values, begin, end } = buffer.between(after, until);
  return {
    times: Array.from(times).slice(begin, end),
    values: Array.from(values).slice(begin, end),
  };
}

test('createChannelBuffer() behaves like a sorted map from time to value', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('insert' as const), time, value: fc.integer() }),
    fc.record({ kind: fc.constant('dropUntil' as const), time, value: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), time, time, (steps, after, until) => {
      const buffer = createChannelBuffer();
      const model = new Map<number, number>();
      for (const { kind, time: at, value } of steps) {
        if (kind === 'insert') {
          buffer.insert(at, value);
          model.set(at, value);
        } else {
          buffer.dropUntil(at);
          for (const known of model.keys()) if (known <= at) model.delete(known);
        }
      }
      const expected = [...model]
        .sort(([a], [b]) => a - b)
        .filter(([t]) => t > after && t <= until);
      const { times, values } = contents(buffer, after, until);
      expect(times).toEqual(expected.map(([t]) => t));
      expect(values).toEqual(expected.map(([, v]) => v));
    }),
  );
});

test('createChannelBuffer() forgets the oldest beyond its limit', () => {
  const buffer = createChannelBuffer();
  for (let t = 0; t < MAX_BUFFERED_SAMPLES + 3; t++) buffer.insert(t, t);
  const { times } = contents(buffer, -1, Number.POSITIVE_INFINITY);
  expect(times).toHaveLength(MAX_BUFFERED_SAMPLES);
  expect(times[0]).toBe(3);
});
