import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../random/index.ts';
import { type BandOptions, writeBandLevels } from './band-levels.ts';
import { powerSpectrum } from './spectrum.ts';

const OPTIONS: BandOptions = {
  bands: [
    { fromHz: 0, toHz: 20 },
    { fromHz: 20, toHz: 80 },
    { fromHz: 80, toHz: 250 },
    { fromHz: 250, toHz: 500 },
  ],
  sampleMs: 1,
  samples: 1000,
};

const START = 1_767_225_600_000;

interface Signal {
  readonly times: number[];
  readonly values: number[];
}

function signalOf(valueAt: (seconds: number, i: number) => number, length = 1000): Signal {
  const times = Array.from({ length }, (_, i) => START + i);
  return { times, values: times.map((_, i) => valueAt(i / 1000, i)) };
}

function levelsOf({ times, values }: Signal, options = OPTIONS): number[] {
  const target = new Float64Array(options.bands.length);
  writeBandLevels(options, { times, values, begin: 0, end: times.length }, target, 0);
  return [...target];
}

const sine = (hz: number, amplitude: number) => (seconds: number) =>
  amplitude * Math.sin(2 * Math.PI * hz * seconds);

test('writeBandLevels() gives a sine in the middle of a band its root mean square, others nothing', () => {
  const [low, middle, high, top] = levelsOf(
    signalOf((s) => 400 + sine(50, 3)(s) + sine(150.5, 1)(s)),
  );
  expect(middle).toBeCloseTo(3 / Math.SQRT2, 4);
  expect(high).toBeCloseTo(1 / Math.SQRT2, 4);
  expect(Math.max(low, top)).toBeLessThan(1e-3);
});

test('writeBandLevels() of bands that cover all frequencies add up to the deviation', () => {
  const random = createRandom(5);
  // Under Hann's window the middle weighs more, so many windows are compared, not one.
  let squares = 0;
  for (let i = 0; i < 40; i++) {
    for (const level of levelsOf(signalOf(() => 7 + random.normal()))) squares += level * level;
  }
  expect(squares / 40).toBeCloseTo(1, 1);
});

test('writeBandLevels() does not mind jitter below a quarter of a step, nor single samples that are missing', () => {
  const random = createRandom(6);
  const whole = signalOf(sine(50, 3));
  const shaken: Signal = {
    times: whole.times.map((time) => time + 0.45 * (random.next() - 0.5)),
    values: whole.values,
  };
  expect(levelsOf(shaken)[1]).toBeCloseTo(3 / Math.SQRT2, 4);
  const kept = whole.times.map((_, i) => i % 25 !== 7);
  const gaps: Signal = {
    times: whole.times.filter((_, i) => kept[i]),
    values: whole.values.filter((_, i) => kept[i]),
  };
  expect(levelsOf(gaps)[1]).toBeCloseTo(3 / Math.SQRT2, 2);
});

test('writeBandLevels() is missing where fewer than half of the samples are there', () => {
  const whole = signalOf(sine(50, 3));
  const first = (count: number): Signal => ({
    times: whole.times.slice(0, count),
    values: whole.values.slice(0, count),
  });
  expect(levelsOf(first(500))[1]).toBeCloseTo(3 / Math.SQRT2, 2);
  for (const count of [0, 1, 499]) expect(levelsOf(first(count))).toEqual([NaN, NaN, NaN, NaN]);
});

test('writeBandLevels() leaves out what lies before its window, and takes the later of two in one place', () => {
  const whole = signalOf(sine(50, 3), 1500);
  const doubled: Signal = {
    times: whole.times.flatMap((time) => [time - 0.4, time]),
    values: whole.values.flatMap((value) => [1e6, value]),
  };
  const last: Signal = { times: whole.times.slice(500), values: whole.values.slice(500) };
  expect(levelsOf(doubled)).toEqual(levelsOf(last));
});

test('writeBandLevels() of any finite values is finite, not negative and scales with them', () => {
  const options = { ...OPTIONS, samples: 32, bands: [{ fromHz: 0, toHz: 500 }] };
  const values = fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), {
    minLength: 16,
    maxLength: 32,
  });
  fc.assert(
    fc.property(values, (own) => {
      const times = own.map((_, i) => START + i);
      const [level] = levelsOf({ times, values: own }, options);
      expect(level).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(level)).toBe(true);
      const doubled = levelsOf({ times, values: own.map((value) => 2 * value) }, options);
      expect(doubled).toEqual([2 * level]);
    }),
  );
});

test('powerSpectrum() is the discrete Fourier transform', () => {
  const random = createRandom(7);
  for (const size of [1, 2, 4, 64, 256]) {
    const signal = Float64Array.from({ length: size }, () => random.normal());
    const power = powerSpectrum(signal.slice());
    expect(power).toHaveLength(size / 2 < 1 ? 1 : size / 2 + 1);
    power.forEach((value, k) => {
      let [real, imaginary] = [0, 0];
      signal.forEach((x, i) => {
        real += x * Math.cos((2 * Math.PI * k * i) / size);
        imaginary -= x * Math.sin((2 * Math.PI * k * i) / size);
      });
      expect(value).toBeCloseTo(real * real + imaginary * imaginary, 8);
    });
  }
});
