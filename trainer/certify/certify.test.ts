import type { CascadeTrace } from '@dandan/shared/cascade';
import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { binomialCdf } from './binomial.ts';
import { CERTIFY_METHODS, type CertifyOptions, certify } from './certify.ts';
import { countExits, type Thresholds } from './count-exits.ts';
import { THRESHOLD_GRID } from './fixed-sequence.ts';
import type { Promises } from './promise.ts';
import { drawNode, many, node, traceOf } from './testing/traces.ts';

const CLASSES = 3;

test('certify() says how many nodes it needs and stops no node early without them', () => {
  const trace = traceOf(many(100, node(1, false)));
  const options = { trace, classes: 2, promises: { alpha: 0.01 }, delta: 0.1 };
  expect(certify(options)).toMatchObject({
    certified: false,
    n: 100,
    needed: 230,
    thresholds: [null],
  });
  expect(certify({ ...options, method: 'pareto' }).needed).toBe(460);
  const escalation = { stages: 1, limit: 0.01 };
  // Two walks at δ / 2 each.
  expect(certify({ ...options, promises: { alpha: 0.01, escalation } }).needed).toBe(299);
  // Every node is of class 0: no number of nodes like these says anything of class 1.
  expect(certify({ ...options, promises: { alpha: 0.01, worstClass: 0.1 } }).needed).toBe(
    Number.POSITIVE_INFINITY,
  );
});

test('certify() chooses its method by the number of nodes alone', () => {
  const method = (n: number) =>
    certify({
      trace: traceOf(many(n, node(1, false))),
      classes: 2,
      promises: { alpha: 0.01 },
      delta: 0.1,
    }).method;
  expect([method(10), method(3000), method(3001)]).toEqual([
    'fixed-sequence',
    'fixed-sequence',
    'pareto',
  ]);
});

const DELTA = 0.1;
const DRAWS = 500;
const N = 600;

/** The largest count that a true rate of δ exceeds with probability below 1 in 1,000. */
function largestChance(): number {
  let bound = 0;
  while (binomialCdf(bound, DRAWS, DELTA) < 0.999) bound++;
  return bound;
}

const draw = (random: ReturnType<typeof createRandom>, count: number): CascadeTrace =>
  traceOf(
    Array.from({ length: count }, () => drawNode(random, CLASSES)),
    CLASSES,
  );

const POPULATION = draw(createRandom(17), 40_000);

/** Whether thresholds break a promise on the population that calibration nodes are drawn from. */
function breaks(thresholds: Thresholds, { alpha, worstClass, escalation }: Promises): boolean {
  const counts = countExits(POPULATION, thresholds, CLASSES, escalation?.stages);
  const rates = counts.perClass.map((each) => each.disagreements / each.n);
  return (
    counts.disagreements / counts.n > alpha ||
    Math.max(...rates) > (worstClass ?? 1) ||
    counts.escalations / counts.n > (escalation?.limit ?? 1)
  );
}

/** "Cheapest exit whose empirical risk is at most α": what must never be shipped. */
function naive({ trace, promises }: Pick<CertifyOptions, 'trace' | 'promises'>): Thresholds {
  let best: Thresholds = [1, 1];
  for (const threshold of THRESHOLD_GRID) {
    const { disagreements, n } = countExits(trace, [threshold, threshold], CLASSES);
    if (disagreements / n <= promises.alpha) best = [threshold, threshold];
  }
  return best;
}

const PROMISES: readonly (readonly [string, Promises])[] = [
  ['overall', { alpha: 0.05 }],
  ['overall and worst class', { alpha: 0.05, worstClass: 0.1 }],
  ['overall and escalations', { alpha: 0.08, escalation: { stages: 2, limit: 0.5 } }],
];

for (const method of CERTIFY_METHODS) {
  test.each(PROMISES)(
    `${method} keeps its promises over ${DRAWS} draws: %s`,
    (_, promises) => {
      const random = createRandom(18);
      let broken = 0;
      let certified = 0;
      for (let trial = 0; trial < DRAWS; trial++) {
        const trace = draw(random, N);
        const result = certify({
          trace,
          classes: CLASSES,
          promises,
          delta: DELTA,
          method,
          seed: trial,
        });
        if (!result.certified) continue;
        certified++;
        if (breaks(result.thresholds, promises)) broken++;
      }
      expect(certified, 'something is certified').toBeGreaterThan(DRAWS / 4);
      expect(broken).toBeLessThanOrEqual(largestChance());
    },
    120_000,
  );
}

test('naive tuning breaks the promise that both methods keep', () => {
  const promises = { alpha: 0.05 };
  expect(breaks([0, 0], promises), 'the promise can be broken at all').toBe(true);
  const random = createRandom(18);
  let broken = 0;
  for (let trial = 0; trial < DRAWS; trial++) {
    const trace = draw(random, N);
    if (breaks(naive({ trace, promises }), promises)) broken++;
  }
  expect(broken).toBeGreaterThan(largestChance());
});
