import { expect, test } from 'vitest';
import { drawParameters } from './draw-parameters.ts';
import { type Parameters, SPACES, type Space, sizeOf } from './space.ts';

const draw = (space: Space, trials: number, seed = 1) => drawParameters({ space, seed, trials });

test('drawParameters() gives trial i the same point whatever the number of trials', () => {
  const few = draw(SPACES.paper, 5);
  expect(draw(SPACES.paper, 40).slice(0, 5)).toEqual(few);
  expect(draw(SPACES.paper, 5, 2)).not.toEqual(few);
});

test('drawParameters() draws from every value of the paper’s space about alike', () => {
  const points = draw(SPACES.paper, 600);
  for (const [name, dimension] of Object.entries(SPACES.paper)) {
    if (dimension.kind !== 'choice') throw new Error('the paper lists values');
    for (const value of dimension.values) {
      const count = points.filter((point) => point[name] === value).length;
      const expected = 600 / dimension.values.length;
      // Five standard deviations of a binomial count.
      expect(Math.abs(count - expected), `${name} ${value}`).toBeLessThan(5 * Math.sqrt(expected));
    }
  }
});

test('drawParameters() changes no other parameter when the space gains one', () => {
  const { learningRate, dropout } = SPACES.paper;
  const narrow = draw({ learningRate }, 4);
  const wide = draw({ learningRate, dropout }, 4);
  expect(wide[0].learningRate).toBe(narrow[0].learningRate);
});

test('drawParameters() gives each point once and ends when the space does', () => {
  const space: Space = {
    a: { kind: 'choice', values: [1, 2, 3] },
    b: { kind: 'range', minimum: 0, maximum: 1, scale: 'linear', whole: true },
  };
  const points = draw(space, 40);
  expect(points).toHaveLength(6);
  expect(new Set(points.map((point) => JSON.stringify(point))).size).toBe(6);
  const taken = [{ b: 1, a: 2 }];
  const others = drawParameters({ space, seed: 1, trials: 40, taken });
  expect(others).toHaveLength(5);
  expect(others).not.toContainEqual({ a: 2, b: 1 });
});

test('drawParameters() draws another point for one that makes no run', () => {
  const accepts = ({ dropout }: Parameters) => dropout === 0.1 || dropout === 0.2;
  const points = drawParameters({ space: SPACES.paper, seed: 1, trials: 30, accepts });
  expect(points).toHaveLength(30);
  expect(points.every(accepts)).toBe(true);
  expect(drawParameters({ space: SPACES.paper, seed: 1, trials: 3, accepts: () => false })).toEqual(
    [],
  );
});

test('drawParameters() keeps ranges, powers of ten alike on a log scale, whole where asked', () => {
  const space: Space = {
    rate: { kind: 'range', minimum: 1e-4, maximum: 1, scale: 'log', whole: false },
    units: { kind: 'range', minimum: 16, maximum: 512, scale: 'log', whole: true },
    share: { kind: 'range', minimum: 0.1, maximum: 0.9, scale: 'linear', whole: false },
  };
  const points = draw(space, 400);
  const rates = points.map(({ rate }) => Number(rate));
  for (const rate of rates) expect(rate).toBeGreaterThanOrEqual(1e-4);
  // Half of four powers of ten lie below 0.01: 200 of 400, five standard deviations are 50.
  expect(Math.abs(rates.filter((rate) => rate < 0.01).length - 200)).toBeLessThan(50);
  for (const { units, share } of points) {
    expect(Number.isInteger(units)).toBe(true);
    expect(units).toBeGreaterThanOrEqual(16);
    expect(units).toBeLessThanOrEqual(512);
    expect(share).toBeGreaterThanOrEqual(0.1);
    expect(share).toBeLessThanOrEqual(0.9);
    expect(String(share).length).toBeLessThanOrEqual(5);
  }
});

test('sizeOf() multiplies choices and is infinite for real ranges', () => {
  expect(sizeOf(SPACES.paper)).toBe(6 * 6 * 4 * 9 * 2 * 5);
  const real = { kind: 'range', minimum: 0, maximum: 1, scale: 'linear', whole: false } as const;
  expect(sizeOf({ a: { kind: 'choice', values: [1, 2] }, real })).toBe(Number.POSITIVE_INFINITY);
});
