import { expect, test } from 'vitest';
import { linearScale, logScale, niceDomain, shortNumber, stepScale, withMinus } from './scale.ts';

test('niceDomain() widens to whole steps and keeps percentages below 100', () => {
  expect(niceDomain([78.3, 81.9])).toEqual([78, 82]);
  expect(niceDomain([99.2, 100.4], { percent: true })[1]).toBe(100);
  expect(niceDomain([0, -63])).toEqual([-80, 0]);
  const [from, to] = niceDomain([5, 5]);
  expect(to).toBeGreaterThan(from);
});

test('linearScale() maps the ends and writes ticks with the digits they need', () => {
  const scale = linearScale({ from: 78, to: 82, range: [100, 0] });
  expect(scale.at(78)).toBe(100);
  expect(scale.at(82)).toBe(0);
  expect(scale.ticks.map(scale.format)).toEqual(['78', '79', '80', '81', '82']);
  const fine = linearScale({ from: -0.2, to: 0.2, range: [0, 1], ticks: 4 });
  expect(fine.ticks.map(fine.format)).toEqual(['−0.2', '−0.1', '0.0', '0.1', '0.2']);
});

test('logScale() maps equal factors to equal distances', () => {
  const scale = logScale({ from: 10, to: 1000, range: [0, 200] });
  expect(scale.at(100)).toBeCloseTo(100, 9);
  expect(scale.ticks).toContain(100);
  expect(scale.format(1500)).toBe('1.5k');
});

test('stepScale() gives every value the same room', () => {
  const scale = stepScale([0, 0.1, 1], [0, 300]);
  expect([0, 0.1, 1].map(scale.at)).toEqual([50, 150, 250]);
});

test('shortNumber() keeps three digits and a unit', () => {
  expect([5, 1500, 16_321, 2e6, 3e9].map(shortNumber)).toEqual(['5', '1.5k', '16.3k', '2M', '3G']);
  expect(withMinus('-1.50')).toBe('−1.50');
});
