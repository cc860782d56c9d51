import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CLOCK_JUMP_SAMPLES,
  createRowAssembler,
  type FeatureRow,
  type Sample,
  type TimeWindowSpec,
} from './index.ts';
import { anySpec, rowBits } from './testing/streams.ts';

const SPEC: TimeWindowSpec = {
  kind: 'telemetry',
  channels: [
    { name: 'a', unit: 'V' },
    { name: 'b', unit: 'K' },
  ],
  statistics: ['last', 'mean'],
  windowMs: 100,
  strideMs: 50,
};
const NOW = 1_767_225_600_000;

function sample(time: number, channel = 'a', asset = 'pump'): Sample {
  return { asset, channel, time, value: time % 1000 };
}

const every = (from: number, count: number, channel?: string) =>
  Array.from({ length: count }, (_, i) => sample(from + 10 * i, channel));

function create(before: readonly Sample[]) {
  const assembler = createRowAssembler(SPEC);
  const push = (samples: readonly Sample[]): FeatureRow[] =>
    samples.flatMap((item) => assembler.push(item));
  push(before);
  return { assembler, push };
}

const times = (rows: readonly FeatureRow[]) => rows.map(({ time }) => time);

test('a clock that starts at 1970 is followed from its tenth sample on, as that of a new asset', () => {
  const { assembler, push } = create(every(NOW, 30));
  const back = every(0, 60);
  const rows = push(back);
  const fresh = createRowAssembler(SPEC);
  const expected = back.slice(CLOCK_JUMP_SAMPLES - 1).flatMap((item) => fresh.push(item));
  expect(expected.length).toBeGreaterThan(5);
  expect(rowBits(rows)).toEqual(rowBits(expected));
  expect(assembler.counters()).toEqual({ outdated: CLOCK_JUMP_SAMPLES - 1, clockJumps: 1 });
});

test('a clock set back by an hour, and one set right again, are both followed', () => {
  const { assembler, push } = create(every(NOW, 30));
  expect(push(every(NOW - 3_600_000, 60)).length).toBeGreaterThan(5);
  expect(push(every(NOW + 1000, 60)).length).toBeGreaterThan(5);
  expect(assembler.counters().clockJumps).toBe(1);
});

test('one time far ahead holds an asset up for ten samples, not for ever', () => {
  const { assembler, push } = create(every(NOW, 30));
  push([sample(NOW + 365 * 86_400_000 + 1)]);
  expect(times(push(every(NOW + 300, 60)))[0]).toBe(NOW + 500);
  expect(assembler.counters()).toEqual({ outdated: 9, clockJumps: 1 });
});

test('a row that is due at the latest time is built before the windows begin anew', () => {
  const { push } = create([...every(NOW, 20), sample(NOW + 200)]);
  expect(times(push(every(0, CLOCK_JUMP_SAMPLES)))).toEqual([NOW + 200]);
});

test('a step back of less than a window is samples out of order', () => {
  const { assembler, push } = create(every(NOW, 30));
  push(every(NOW + 290 - SPEC.windowMs + 1, 5));
  push(every(NOW + 240, 12));
  expect(assembler.counters().clockJumps).toBe(0);
  expect(times(push([sample(NOW + 351)]))).toEqual([NOW + 350]);
});

test('nine times behind, or any number between others, are late samples', () => {
  const { assembler, push } = create(every(NOW, 30));
  push(every(0, CLOCK_JUMP_SAMPLES - 1));
  for (let i = 0; i < 50; i++) push([sample(NOW + 300 + 10 * i), sample(i, 'b')]);
  expect(assembler.counters()).toEqual({ outdated: 59, clockJumps: 0 });
});

test('the channels of one time are one time', () => {
  const { assembler, push } = create(every(NOW, 30));
  for (let i = 0; i < CLOCK_JUMP_SAMPLES - 1; i++) {
    push([sample(i), sample(i, 'b'), sample(i), sample(i, 'b')]);
  }
  expect(assembler.counters().clockJumps).toBe(0);
  push([sample(CLOCK_JUMP_SAMPLES)]);
  expect(assembler.counters().clockJumps).toBe(1);
});

test('a device that starts again and again is followed, too', () => {
  const { assembler, push } = create(every(NOW, 30));
  for (let i = 0; i < 4; i++) push(every(0, 4));
  expect(assembler.counters().clockJumps).toBe(1);
});

test('samples sent later by their sender are no jump, neither do they hide one', () => {
  const { assembler, push } = create(every(NOW, 30));
  const stored = every(NOW - 1_000_000, 100).map((item) => ({ ...item, historical: true }));
  push(stored);
  expect(assembler.counters()).toEqual({ outdated: 100, clockJumps: 0 });
  push([...every(0, 5), ...stored, ...every(100, 5)]);
  expect(assembler.counters().clockJumps).toBe(1);
});

test('an asset whose clock jumps leaves the others alone', () => {
  const fan = every(NOW, 40).map((item) => ({ ...item, asset: 'fan' }));
  const { push } = create(every(NOW, 30));
  const mixed = fan.flatMap((item, i) => push([item, sample(10 * i)]));
  const alone = createRowAssembler(SPEC);
  expect(rowBits(mixed.filter(({ asset }) => asset === 'fan'))).toEqual(
    rowBits(fan.flatMap((item) => alone.push(item))),
  );
});

test('whatever its clock did, an asset whose clock runs evenly again gives rows again', () => {
  const past = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { maxLength: 40 });
  fc.assert(
    fc.property(anySpec, past, (spec, before) => {
      const assembler = createRowAssembler(spec);
      for (const time of before) assembler.push(sample(time));
      // Ten samples are a jump; then a window and a stride, at most 120 ms or 12 samples each.
      const rows = every(5_000_000, 60).flatMap((item) => assembler.push(item));
      expect(rows.length).toBeGreaterThan(0);
      const last = rows[rows.length - 1];
      expect(last.time).toBeGreaterThan(5_000_000);
      expect(last.time).toBeLessThan(5_001_000);
    }),
    { numRuns: 300 },
  );
});

test('drop() forgets an asset alone; a later sample opens it again', () => {
  const { assembler } = create([
    ...every(NOW, 30),
    ...every(NOW, 21).map((item) => ({ ...item, asset: 'fan' })),
  ]);
  expect(assembler.buffered()).toBe(assembler.buffered('pump') + assembler.buffered('fan'));
  assembler.drop('pump');
  expect(assembler.buffered('pump')).toBe(0);
  expect(assembler.buffered()).toBe(assembler.buffered('fan'));
  expect(new Set(assembler.flush(NOW + 300).map(({ asset }) => asset))).toEqual(new Set(['fan']));
  const fresh = createRowAssembler(SPEC);
  const again = every(5, 30);
  expect(rowBits(again.flatMap((item) => assembler.push(item)))).toEqual(
    rowBits(again.flatMap((item) => fresh.push(item))),
  );
});
