import type { CascadeTrace } from '@dandan/shared/cascade';
import { createRandom, type Random } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { binomialCdf } from './binomial.ts';
import { certifyThreshold, countDisagreements } from './fixed-sequence.ts';

interface Node {
  /** Confidence per stage but the last. */
  readonly confidence: readonly number[];
  /** Whether the stage's running class differs from the last stage's. */
  readonly differs: readonly boolean[];
}

/** A trace of K stages; the last always answers 0. */
function traceOf(nodes: readonly Node[]): CascadeTrace {
  const early = nodes[0]?.confidence.length ?? 1;
  const stages = Array.from({ length: early + 1 }, (_, k) => k);
  const classes = stages.map((k) => Int32Array.from(nodes, (node) => Number(node.differs[k] ?? 0)));
  return {
    classes,
    stageClasses: classes,
    confidence: stages.map((k) => Float32Array.from(nodes, (node) => node.confidence[k] ?? 1)),
    macs: stages.map(() => new Float64Array(nodes.length)),
  };
}

const node = (confidence: number, differs: boolean): Node => ({
  confidence: [confidence],
  differs: [differs],
});

const many = (count: number, item: Node): Node[] => Array<Node>(count).fill(item);

test('countDisagreements() looks at the first stage that is confident enough', () => {
  const trace = traceOf([
    { confidence: [0.9, 0.9], differs: [true, false] },
    { confidence: [0.5, 0.9], differs: [true, true] },
    { confidence: [0.5, 0.5], differs: [true, true] },
    { confidence: [0.7, 0.9], differs: [false, true] },
  ]);
  expect(countDisagreements(trace, 0.95)).toBe(0);
  expect(countDisagreements(trace, 0.8)).toBe(3);
  expect(countDisagreements(trace, 0.6)).toBe(2);
  expect(countDisagreements(trace, 0)).toBe(3);
});

test('countDisagreements() stops at a confidence equal to the threshold in float32', () => {
  // float32 of 0.7 is below 0.7: the comparison must be that of the cascade.
  expect(countDisagreements(traceOf([node(0.7, true)]), 0.7)).toBe(1);
});

test.each([
  [5, true],
  [6, false],
])('certifyThreshold() on 1,000 nodes at α = 1 %%, δ = 0.1 with %d disagreements: %s', (s, ok) => {
  const trace = traceOf([...many(s, node(1, true)), ...many(1000 - s, node(0.2, false))]);
  const result = certifyThreshold({ trace, alpha: 0.01, delta: 0.1 });
  expect(result).toMatchObject({ certified: ok, n: 1000, needed: 230, method: 'fixed-sequence' });
  expect(result.threshold).toBe(ok ? 0 : null);
  expect(result.disagreements).toBe(ok ? 5 : 0);
});

test('certifyThreshold() returns the last threshold that passed, not the first that failed', () => {
  const nodes = [
    ...many(5, node(0.9, true)),
    ...many(5, node(0.702, true)),
    ...many(990, node(0.3, false)),
  ];
  const { certified, threshold, disagreements } = certifyThreshold({
    trace: traceOf(nodes),
    alpha: 0.01,
    delta: 0.1,
  });
  expect(certified).toBe(true);
  // On the 0.005 grid: at 0.705 five nodes differ, at 0.7 ten would.
  expect(threshold).toBeCloseTo(0.705, 12);
  expect(disagreements).toBe(5);
});

test('certifyThreshold() stops at the first failure, even where a lower threshold would pass', () => {
  // Twenty nodes differ at stage 2, which they reach only while λ is above 0.5.
  const detour: Node = { confidence: [0.5, 0.8], differs: [false, true] };
  const steady: Node = { confidence: [0.1, 0.1], differs: [false, false] };
  const trace = traceOf([...many(20, detour), ...many(980, steady)]);
  expect(countDisagreements(trace, 0.4)).toBe(0);
  const { threshold } = certifyThreshold({ trace, alpha: 0.01, delta: 0.1 });
  expect(threshold).toBeCloseTo(0.805, 12);
});

test.each([0, 1, 229])(
  'certifyThreshold() certifies nothing with %d nodes and says how many it needs',
  (n) => {
    const trace = traceOf(many(n, node(1, false)));
    const result = certifyThreshold({ trace, alpha: 0.01, delta: 0.1 });
    expect(result).toMatchObject({ certified: false, threshold: null, n, needed: 230 });
  },
);

test('certifyThreshold() certifies with exactly the nodes it needs', () => {
  const trace = traceOf(many(230, node(1, false)));
  const result = certifyThreshold({ trace, alpha: 0.01, delta: 0.1 });
  expect(result).toMatchObject({ certified: true, threshold: 0, disagreements: 0 });
});

const ALPHA = 0.05;
const DELTA = 0.1;
const DRAWS = 600;

/** Two early stages whose confidence says something, not all, about their disagreement. */
function drawNode(random: Random): Node {
  const hardness = random.next();
  const stage = (k: number) => {
    const confidence = Math.min(0.999, Math.max(0.34, 1 - hardness * (0.9 - 0.3 * k)));
    return { confidence, differs: random.next() < 0.3 * (1 - confidence) ** 0.7 };
  };
  const stages = [stage(0), stage(1)];
  return {
    confidence: stages.map(({ confidence }) => confidence),
    differs: stages.map(({ differs }) => differs),
  };
}

/** "Largest exit whose empirical risk is at most α": what must never be shipped. */
function naiveThreshold(trace: CascadeTrace, n: number): number {
  let best = 1;
  for (let step = 1; step <= 200; step++) {
    const threshold = 1 - step * 0.005;
    if (countDisagreements(trace, threshold) / n <= ALPHA) best = threshold;
  }
  return best;
}

test('certifyThreshold() keeps its promise over 600 draws; naive tuning breaks it', () => {
  const random = createRandom(17);
  const population = traceOf(Array.from({ length: 40_000 }, () => drawNode(random)));
  const riskByStep = Array.from(
    { length: 201 },
    (_, step) => countDisagreements(population, 1 - step * 0.005) / 40_000,
  );
  const riskAt = (threshold: number) => riskByStep[Math.round((1 - threshold) / 0.005)];
  expect(riskByStep[200], 'the promise can be broken at all').toBeGreaterThan(ALPHA);
  let violations = 0;
  let naiveViolations = 0;
  let exits = 0;
  for (let draw = 0; draw < DRAWS; draw++) {
    const n = 400;
    const trace = traceOf(Array.from({ length: n }, () => drawNode(random)));
    const { threshold } = certifyThreshold({ trace, alpha: ALPHA, delta: DELTA });
    if (threshold !== null) {
      exits++;
      if (riskAt(threshold) > ALPHA) violations++;
    }
    if (riskAt(naiveThreshold(trace, n)) > ALPHA) naiveViolations++;
  }
  expect(exits, 'the test certifies something').toBeGreaterThan(DRAWS / 2);
  // The largest count that a true rate of δ exceeds with probability below 1 in 1,000.
  let bound = 0;
  while (binomialCdf(bound, DRAWS, DELTA) < 0.999) bound++;
  expect(violations).toBeLessThanOrEqual(bound);
  expect(naiveViolations).toBeGreaterThan(bound);
});
