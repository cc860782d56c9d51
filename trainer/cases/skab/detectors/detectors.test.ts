import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import {
  type Detector,
  FIT_ROWS,
  isolationForest,
  raiseAlarms,
  tSquared,
  tSquaredAndQ,
} from './index.ts';

const random = () => createRandom(7).fork('test');

/** Two channels that move together, a third on its own. */
function madeRows(count: number, seed: number): Float64Array[] {
  const noise = createRandom(seed);
  const normal = () => Array.from({ length: 12 }, () => noise.next()).reduce((a, b) => a + b) - 6;
  return Array.from({ length: count }, () => {
    const common = normal();
    return Float64Array.of(10 + common, 5 + 2 * common + 0.1 * normal(), 100 + 3 * normal());
  });
}

const NORMAL = madeRows(FIT_ROWS, 1);
const LATER = madeRows(400, 2);
const FAR = Float64Array.of(25, 30, 160);
/** Either channel is where it often is, both together are where they never are. */
const TORN = Float64Array.of(11, 3, 100);

test.each<Detector>([tSquared, tSquaredAndQ, isolationForest])(
  '$name finds what is far off and leaves what is like the beginning',
  (detector) => {
    const alarms = raiseAlarms(detector, [...NORMAL, ...LATER, FAR], random());
    expect(alarms[FIT_ROWS + LATER.length]).toBe(1);
    const share = alarms.subarray(FIT_ROWS, FIT_ROWS + LATER.length).reduce((a, b) => a + b) / 400;
    expect(share).toBeLessThan(0.04);
    // The limit is the detector's own: a few of the rows it learnt from lie above it.
    expect(alarms.subarray(0, FIT_ROWS).reduce((a, b) => a + b)).toBeLessThanOrEqual(3);
  },
);

test.each([tSquared, tSquaredAndQ])('$name knows what moves together', (detector) => {
  const alarms = raiseAlarms(detector, [...NORMAL, TORN], random());
  expect(alarms[FIT_ROWS]).toBe(1);
});

test('T² is the squared distance in the covariance of the fit', () => {
  const score = tSquared.fit(NORMAL, random());
  const mean = [0, 1].map((j) => NORMAL.reduce((sum, row) => sum + row[j], 0) / FIT_ROWS);
  const own = NORMAL.map((row) => Float64Array.of(row[0], row[1]));
  const of = tSquared.fit(own, random());
  const covariance = (i: number, j: number) =>
    own.reduce((sum, row) => sum + (row[i] - mean[i]) * (row[j] - mean[j]), 0) / (FIT_ROWS - 1);
  const [a, b, d] = [covariance(0, 0), covariance(0, 1), covariance(1, 1)];
  const row = Float64Array.of(12, 8);
  const [x, y] = [row[0] - mean[0], row[1] - mean[1]];
  const distance = (d * x * x - 2 * b * x * y + a * y * y) / (a * d - b * b);
  expect(of(row)).toBeCloseTo(distance, 6);
  expect(score(FAR)).toBeGreaterThan(score(NORMAL[0]));
});

test('a channel that never moved raises no alarm while it stands still', () => {
  const flat = NORMAL.map((row) => Float64Array.of(row[0], 1));
  const alarms = raiseAlarms(tSquaredAndQ, [...flat, Float64Array.of(10, 1)], random());
  expect(alarms[FIT_ROWS]).toBe(0);
});

test('the forest is the same for the same seed', () => {
  const once = isolationForest.fit(NORMAL, random());
  const again = isolationForest.fit(NORMAL, random());
  expect(once(TORN)).toBe(again(TORN));
  expect(once(FAR)).toBeGreaterThan(once(NORMAL[0]));
});
