import { expect, test } from 'vitest';
import { createRandom } from '../../random/index.ts';
import {
  createRiskMonitor,
  evidence,
  isAlarm,
  observeAudit,
  type RiskMonitor,
} from './risk-monitor.ts';

const ALPHA = 0.02;
const DELTA = 0.1;
const RUNS = 500;
const AUDITS = 3000;

/** The audit at which a monitor raised its first alarm, looking after every one; `undefined`: never. */
function firstAlarm(random: ReturnType<typeof createRandom>, rateAt: (t: number) => number) {
  let monitor = createRiskMonitor({ alpha: ALPHA, delta: DELTA });
  for (let t = 0; t < AUDITS; t++) {
    monitor = observeAudit(monitor, random.next() < rateAt(t));
    if (isAlarm(monitor)) return t + 1;
  }
  return undefined;
}

function alarms(seed: number, rateAt: (t: number) => number): (number | undefined)[] {
  const random = createRandom(seed);
  return Array.from({ length: RUNS }, () => firstAlarm(random, rateAt));
}

const raised = (times: readonly (number | undefined)[]) =>
  times.filter((time) => time !== undefined).length / RUNS;

/** Three standard deviations above δ: chance alone exceeds it once in 700 runs of this test. */
const CHANCE = DELTA + 3 * Math.sqrt((DELTA * (1 - DELTA)) / RUNS);

test('isAlarm() after every one of 3,000 audits is false often enough while the promise is kept', () => {
  expect(raised(alarms(1, () => ALPHA))).toBeLessThanOrEqual(CHANCE);
  expect(raised(alarms(2, () => ALPHA / 2))).toBeLessThanOrEqual(DELTA / 2);
});

test('a fixed-sample test looked at as often would cry wolf', () => {
  // P(Bin(n, α) ≥ s) ≤ δ by its normal approximation, from 100 audits on.
  const random = createRandom(1);
  let wrong = 0;
  for (let run = 0; run < RUNS; run++) {
    let s = 0;
    for (let t = 1; t <= AUDITS; t++) {
      s += Number(random.next() < ALPHA);
      const z = (s - 0.5 - t * ALPHA) / Math.sqrt(t * ALPHA * (1 - ALPHA));
      if (t >= 100 && z > 1.2816) {
        wrong++;
        break;
      }
    }
  }
  expect(wrong / RUNS).toBeGreaterThan(2 * CHANCE);
});

test('isAlarm() finds a promise broken from the start', () => {
  const times = alarms(3, () => 3 * ALPHA);
  expect(raised(times)).toBeGreaterThan(0.99);
  const sorted = times.map((time) => time ?? AUDITS).toSorted((a, b) => a - b);
  expect(sorted[RUNS / 2]).toBeLessThan(300);
});

test('isAlarm() finds a drift that begins after 1,000 good audits', () => {
  const times = alarms(4, (t) => (t < 1000 ? ALPHA / 4 : 5 * ALPHA));
  const sorted = times.map((time) => time ?? AUDITS).toSorted((a, b) => a - b);
  expect(raised(times)).toBeGreaterThan(0.99);
  expect(sorted[RUNS / 2] - 1000).toBeLessThan(300);
});

test('evidence() is 1 at first and a fair bet afterwards', () => {
  const start = createRiskMonitor({ alpha: ALPHA, delta: DELTA });
  expect(evidence(start)).toBe(1);
  // E[evidence] = α e(differs) + (1 − α) e(agrees) = 1 while the rate is α, at any state.
  let monitor: RiskMonitor = start;
  for (const disagrees of [true, false, false, true, true, false]) {
    const mean =
      ALPHA * evidence(observeAudit(monitor, true)) +
      (1 - ALPHA) * evidence(observeAudit(monitor, false));
    expect(mean).toBeCloseTo(evidence(monitor), 12);
    monitor = observeAudit(monitor, disagrees);
  }
  expect(monitor).toMatchObject({ audits: 6, disagreements: 3 });
});

test('a monitor survives JSON and any number of disagreements', () => {
  let monitor = createRiskMonitor({ alpha: 1e-6, delta: 1e-6 });
  for (let i = 0; i < 2000; i++) monitor = observeAudit(monitor, true);
  const read: RiskMonitor = JSON.parse(JSON.stringify(monitor));
  expect(read).toEqual(monitor);
  expect(Number.isFinite(evidence(read))).toBe(true);
  expect(isAlarm(read)).toBe(true);
});

test.each([
  [{ alpha: 0, delta: 0.1 }, 'alpha'],
  [{ alpha: 1, delta: 0.1 }, 'alpha'],
  [{ alpha: 0.1, delta: Number.NaN }, 'delta'],
])('createRiskMonitor() refuses %o', (options, name) => {
  expect(() => createRiskMonitor(options)).toThrow(new RegExp(`${name} = `));
});
