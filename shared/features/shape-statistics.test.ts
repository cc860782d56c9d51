import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  createRowAssembler,
  type Statistic,
  type TelemetrySpec,
  windowStatistic,
} from './index.ts';

const of = (statistic: Statistic, values: readonly number[]) =>
  windowStatistic(statistic, { times: values.map((_, i) => i), values });

/** Whole periods, so that the figures are those of the textbook. */
const SINE = Array.from({ length: 1000 }, (_, i) => 3 * Math.sin((2 * Math.PI * i) / 100));

test('of a sine the kurtosis is 1.5, the crest factor √2, the root mean square its amplitude over √2', () => {
  expect(of('kurtosis', SINE)).toBeCloseTo(1.5, 6);
  expect(of('crest', SINE)).toBeCloseTo(Math.SQRT2, 6);
  expect(of('rms', SINE)).toBeCloseTo(3 / Math.SQRT2, 6);
});

test('a single stroke in many samples has as many times the kurtosis', () => {
  const strokes = Array.from({ length: 100 }, (_, i) => (i === 50 ? 1 : 0));
  // p = 1/100: (1 − 3p + 3p²) / (p (1 − p)).
  expect(of('kurtosis', strokes)).toBeCloseTo((1 - 0.03 + 0.0003) / (0.01 * 0.99), 9);
  expect(of('crest', strokes)).toBeCloseTo(10, 9);
});

test('constants have the kurtosis of a normal distribution and crest factor 1, whatever they are', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.integer({ min: 1, max: 30 }),
      (value, count) => {
        const values = Array.from({ length: count }, () => value);
        expect(of('kurtosis', values)).toBe(3);
        expect(of('crest', values)).toBeCloseTo(1, 12);
      },
    ),
  );
});

test('shapes do not depend on the unit, and any finite window has finite ones', () => {
  const values = fc.array(fc.double({ min: -1e300, max: 1e300, noNaN: true }), {
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(values, (own) => {
      const [kurtosis, crest] = [of('kurtosis', own), of('crest', own)];
      expect(kurtosis).toBeGreaterThanOrEqual(1 - 1e-9);
      expect(kurtosis).toBeLessThanOrEqual(Math.max(3, own.length) + 1e-6);
      expect(crest).toBeGreaterThanOrEqual(1 - 1e-9);
      expect(crest).toBeLessThanOrEqual(Math.sqrt(own.length) + 1e-6);
    }),
  );
  const unit = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), {
    minLength: 3,
    maxLength: 30,
  });
  fc.assert(
    fc.property(unit, (own) => {
      // Powers of two are exact.
      const scaled = own.map((value) => value * 1024);
      expect(of('kurtosis', scaled)).toBe(of('kurtosis', own));
      expect(of('crest', scaled)).toBe(of('crest', own));
      expect(of('rms', scaled)).toBe(1024 * of('rms', own));
    }),
  );
});

const VALVE: TelemetrySpec = {
  kind: 'telemetry',
  channels: [{ name: 'open', unit: '', holdMs: 600_000 }],
  statistics: ['sinceChange'],
  windowMs: 10_000,
  strideMs: 10_000,
};

function sinceChange(samples: readonly (readonly [number, number])[], spec = VALVE): number[] {
  const assembler = createRowAssembler(spec);
  const push = (time: number, value: number) =>
    assembler.push({ asset: 'tank', channel: 'open', time, value });
  return samples.flatMap(([time, value]) => push(time, value)).map(({ values }) => values[0]);
}

test('sinceChange counts the seconds from the last change, beyond the window and the held value', () => {
  const rows = sinceChange([
    [1000, 0],
    [4000, 1],
    [12_000, 1],
    [19_000, 1],
    // 25 s without a report: its value is the last one still.
    [31_000, 1],
    [35_500, 0],
    [36_000, 1],
    [41_000, 1],
  ]);
  // At 20, 30 (held) and 40 seconds; the one at 30 has no sample at all, so there is no row.
  expect(rows).toEqual([16, 4]);
});

test('sinceChange of a value that was never another counts from the first sample, up to a day', () => {
  const steady = Array.from({ length: 12 }, (_, i): [number, number] => [1000 + i * 5000, 7]);
  expect(sinceChange(steady)).toEqual([19, 29, 39, 49]);
  const days = Array.from({ length: 60 }, (_, i): [number, number] => [i * 3_600_000, 7]);
  const hourly = { ...VALVE, windowMs: 3_600_000, strideMs: 3_600_000 };
  expect(sinceChange(days, hourly).at(-1)).toBe(86_400);
});

test('sinceChange is what a long look back would find', () => {
  const steps = fc.array(
    fc.record({ pauseMs: fc.integer({ min: 1, max: 4000 }), value: fc.constantFrom(0, 0, 0, 1) }),
    { minLength: 20, maxLength: 100 },
  );
  fc.assert(
    fc.property(steps, fc.integer({ min: 1000, max: 12_000 }), (list, windowMs) => {
      let clock = 0;
      const samples = list.map(({ pauseMs, value }): [number, number] => {
        clock += pauseMs;
        return [clock, value];
      });
      const spec = { ...VALVE, windowMs, strideMs: 1000 };
      const assembler = createRowAssembler(spec);
      for (const [time, value] of samples) {
        for (const row of assembler.push({ asset: 'tank', channel: 'open', time, value })) {
          const past = samples.filter(([t]) => t <= row.time);
          const last = past[past.length - 1][1];
          let first = past.length - 1;
          while (first > 0 && past[first - 1][1] === last) first--;
          expect(row.values[0]).toBe(Math.fround((row.time - past[first][0]) / 1000));
        }
      }
    }),
  );
});
