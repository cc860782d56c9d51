import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timeTicks } from './time-ticks.ts';

const at = (text: string) => Date.parse(text);

test('timeTicks() names round times of the plant, and the day at midnight', () => {
  const ticks = timeTicks(at('2026-04-01T12:00:00Z'), at('2026-04-02T12:00:00Z'), 5, 'Asia/Tokyo');
  expect(ticks).toEqual([
    { time: at('2026-04-01T15:00:00Z'), text: '2026-04-02' },
    { time: at('2026-04-01T21:00:00Z'), text: '06:00' },
    { time: at('2026-04-02T03:00:00Z'), text: '12:00' },
    { time: at('2026-04-02T09:00:00Z'), text: '18:00' },
  ]);
});

test('timeTicks() shows seconds where minutes are too long', () => {
  const from = at('2026-04-01T12:00:00Z');
  expect(timeTicks(from, from + 20_000, 5, 'UTC').map(({ text }) => text)).toEqual([
    '12:00:00',
    '12:00:05',
    '12:00:10',
    '12:00:15',
    '12:00:20',
  ]);
});

test('timeTicks() are few, in order and on the axis', () => {
  const begin = fc.integer({ min: 0, max: 2e12 });
  fc.assert(
    fc.property(begin, fc.integer({ min: 0, max: 1e11 }), (from, length) => {
      const ticks = timeTicks(from, from + length, 8, 'Europe/Berlin');
      expect(ticks.length).toBeLessThanOrEqual(9);
      for (const { time } of ticks) {
        expect(time).toBeGreaterThanOrEqual(from);
        expect(time).toBeLessThanOrEqual(from + length);
      }
    }),
  );
});
