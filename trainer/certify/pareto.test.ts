import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { countExits, traceAt } from './count-exits.ts';
import { paretoTesting } from './pareto.ts';
import type { Promises } from './promise.ts';
import { many, type Node, traceOf } from './testing/traces.ts';

function search(nodes: readonly Node[], promises: Promises = { alpha: 0.01 }, escalationMacs = 0) {
  return paretoTesting({
    trace: traceOf(nodes),
    classes: 2,
    promises,
    delta: 0.1,
    random: createRandom(3),
    escalationMacs,
  });
}

/** Stage 1 is sure and wrong, stage 2 sure and right, on different nodes. */
const MIXED = [
  ...many(3000, { confidence: [0.6, 0.9], differs: [true, false] }),
  ...many(3000, { confidence: [0.5, 0.7], differs: [false, false] }),
];

test('paretoTesting() finds a threshold per stage where a shared one would not do', () => {
  const result = search(MIXED);
  // No shared λ lets anything stop at stage 2 below 0.6 without stopping the wrong ones at stage 1.
  expect(result?.thresholds[0] ?? 1).toBeGreaterThan(0.6);
  expect(result?.thresholds[1]).toBeLessThanOrEqual(0.7);
  expect(result?.counts).toMatchObject({ n: 3000, disagreements: 0, macs: 6000 });
});

test('paretoTesting() certifies nothing where the safest vector fails', () => {
  expect(search(many(300, { confidence: [0.9, 0.9], differs: [false, false] }))).toBeUndefined();
});

test('paretoTesting() certifies with twice the nodes that one test needs', () => {
  const nodes = many(460, { confidence: [0.9, 0.9], differs: [false, false] });
  expect(search(nodes)).toMatchObject({ counts: { n: 230, disagreements: 0, macs: 230 } });
});

test('paretoTesting() keeps a promise of escalations', () => {
  const beyond = { stages: 1, limit: 0.4 };
  expect(search(MIXED, { alpha: 0.01, escalation: beyond })).toBeUndefined();
  const within = { stages: 2, limit: 0.1 };
  expect(search(MIXED, { alpha: 0.01, escalation: within })?.counts.escalations).toBe(0);
});

test('paretoTesting() prefers a gateway that works longer to one that escalates', () => {
  // Half the nodes are sure at stage 1; the rest may stop at stage 2 or climb on.
  const cheap = search(MIXED, { alpha: 0.01, escalation: { stages: 2, limit: 0.9 } }, 0);
  const dear = search(MIXED, { alpha: 0.01, escalation: { stages: 2, limit: 0.9 } }, 1e6);
  expect(dear?.counts.escalations).toBe(0);
  expect(dear?.counts.macs).toBeLessThanOrEqual(cheap?.counts.macs ?? 0);
});

test('paretoTesting() is fixed by its seed', () => {
  expect(search(MIXED)).toEqual(search(MIXED));
});

test('traceAt() keeps what every stage said of the nodes it keeps', () => {
  const trace = traceOf(MIXED);
  const part = traceAt(trace, Int32Array.of(0, 3000, 5999));
  expect(part.classes.map((values) => [...values])).toEqual([
    [1, 0, 0],
    [0, 0, 0],
    [0, 0, 0],
  ]);
  expect(part.confidence[0]).toEqual(Float32Array.of(0.6, 0.5, 0.5));
  expect(part.macs[2]).toEqual(Float64Array.of(3, 3, 3));
});

test('countExits() counts at the first stage that is confident enough', () => {
  const trace = traceOf([
    { confidence: [0.9, 0.9], differs: [true, false] },
    { confidence: [0.5, 0.9], differs: [true, true] },
    { confidence: [0.5, 0.5], differs: [true, true] },
    { confidence: [0.7, 0.9], differs: [false, true], class: 1 },
  ]);
  const at = (threshold: number) => countExits(trace, [threshold, threshold], 2, 1);
  expect(at(0.95)).toMatchObject({ disagreements: 0, escalations: 4, macs: 12 });
  expect(at(0.8)).toMatchObject({ disagreements: 3, escalations: 3, macs: 8 });
  // float32 of 0.7 is below 0.7: the comparison must be that of the cascade.
  expect(at(0.7)).toMatchObject({ disagreements: 2, escalations: 2 });
  expect(at(0).perClass).toEqual([
    { n: 3, disagreements: 3 },
    { n: 1, disagreements: 0 },
  ]);
});
