import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCanary } from './index.ts';

const release = { model: 'press', channel: 'stable', release: 1 };
const DEVICES = Array.from({ length: 10_000 }, (_, i) => `gateway-${i}`);
const canaries = (percent: number, of = release) =>
  DEVICES.filter((device) => isCanary(device, of, percent));

test('isCanary() draws about the share that is asked for', () => {
  // 10,000 draws: four standard deviations are at most 2 points.
  for (const percent of [1, 5, 10, 50, 90]) {
    expect(canaries(percent).length / 100).toBeGreaterThan(percent - 2);
    expect(canaries(percent).length / 100).toBeLessThan(percent + 2);
  }
});

test('isCanary() takes nobody at 0 and everybody at 100', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), (device, number) => {
      expect(isCanary(device, { ...release, release: number }, 0)).toBe(false);
      expect(isCanary(device, { ...release, release: number }, 100)).toBe(true);
    }),
  );
});

test('isCanary() keeps those who are in when the share grows', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(100), fc.nat(100), (device, a, b) => {
      const [small, large] = [Math.min(a, b), Math.max(a, b)];
      if (isCanary(device, release, small)) expect(isCanary(device, release, large)).toBe(true);
    }),
  );
});

test('isCanary() draws anew for every release', () => {
  const first = new Set(canaries(10));
  const second = canaries(10, { ...release, release: 2 });
  const both = second.filter((device) => first.has(device)).length;
  expect(both).toBeGreaterThan(50);
  expect(both).toBeLessThan(160);
});
