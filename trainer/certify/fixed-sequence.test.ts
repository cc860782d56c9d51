import { expect, test } from 'vitest';
import { fixedSequence, THRESHOLD_GRID } from './fixed-sequence.ts';
import type { Promises } from './promise.ts';
import { many, type Node, node, traceOf } from './testing/traces.ts';

function walk(nodes: readonly Node[], promises: Promises = { alpha: 0.01 }) {
  return fixedSequence({ trace: traceOf(nodes), classes: 2, promises, delta: 0.1 });
}

test('the grid falls from nearly 1 to 0', () => {
  expect(THRESHOLD_GRID).toEqual(THRESHOLD_GRID.toSorted((a, b) => b - a));
  expect(new Set(THRESHOLD_GRID).size).toBe(THRESHOLD_GRID.length);
  expect(THRESHOLD_GRID[0]).toBeGreaterThan(0.999);
  expect(THRESHOLD_GRID.at(-1)).toBe(0);
});

test.each([
  [5, 0],
  [6, undefined],
])('fixedSequence() on 1,000 nodes at α = 1 %%, δ = 0.1 with %d disagreements: %s', (s, end) => {
  const result = walk([...many(s, node(1, true)), ...many(1000 - s, node(0.2, false))]);
  expect(result?.thresholds[0]).toBe(end);
  expect(result?.counts.disagreements).toBe(end === undefined ? undefined : 5);
});

test('fixedSequence() returns the last threshold that passed, not the first that failed', () => {
  const nodes = [
    ...many(5, node(0.9, true)),
    ...many(5, node(0.702, true)),
    ...many(990, node(0.3, false)),
  ];
  const result = walk(nodes);
  // At 0.705 five nodes differ, at 0.7 ten would.
  expect(result?.thresholds).toEqual([0.705]);
  expect(result?.counts.disagreements).toBe(5);
});

test('fixedSequence() stops at the first failure, even where a lower threshold would pass', () => {
  // Twenty nodes differ at stage 2, which they reach only while λ is above 0.5.
  const detour: Node = { confidence: [0.5, 0.8], differs: [false, true] };
  const steady: Node = { confidence: [0.1, 0.1], differs: [false, false] };
  const result = walk([...many(20, detour), ...many(980, steady)]);
  expect(result?.thresholds).toEqual([0.805, 0.805]);
});

test.each([1, 229])('fixedSequence() certifies nothing with %d nodes', (n) => {
  expect(walk(many(n, node(1, false)))).toBeUndefined();
});

test('fixedSequence() certifies with exactly the nodes it needs', () => {
  const result = walk(many(230, node(1, false)));
  expect(result).toMatchObject({ thresholds: [0], counts: { n: 230, disagreements: 0 } });
});

test('fixedSequence() holds a promise in every class, not only on the whole', () => {
  // Class 1 is a tenth of the nodes, and all that differ below 0.6 are its.
  const common = many(9000, { ...node(0.3, false), class: 0 });
  const rare = many(970, { ...node(0.3, false), class: 1 });
  const wrong = many(30, { ...node(0.6, true), class: 1 });
  const nodes = [...common, ...rare, ...wrong];
  expect(walk(nodes, { alpha: 0.01 })?.thresholds).toEqual([0]);
  expect(walk(nodes, { alpha: 0.01, worstClass: 0.02 })?.thresholds[0]).toBeCloseTo(0.605, 9);
  expect(walk(nodes, { alpha: 0.01, worstClass: 0.05 })?.thresholds).toEqual([0]);
});

test('fixedSequence() certifies no class promise where a class has no node', () => {
  const nodes = many(5000, { ...node(0.9, false), class: 0 });
  expect(walk(nodes, { alpha: 0.01, worstClass: 0.4 })).toBeUndefined();
});

test('fixedSequence() promises escalations where both walks meet, and not where they do not', () => {
  const sure = many(900, node(0.9, false));
  const unsure = many(100, node(0.3, false));
  const within = { stages: 1, limit: 0.15 };
  // Nothing ever differs: the walk down ends at 0, where nobody climbs.
  expect(walk([...sure, ...unsure], { alpha: 0.01, escalation: within })?.counts.escalations).toBe(
    0,
  );
  // Every node below 0.9 differs: the walk down must stop above 0.3, where 10 % climb.
  const nodes = [...sure, ...many(100, node(0.3, true))];
  const kept = walk(nodes, { alpha: 0.01, escalation: within });
  expect(kept?.thresholds[0]).toBeCloseTo(0.305, 9);
  expect(kept?.counts.escalations).toBe(100);
  const beyond = { stages: 1, limit: 0.1 };
  expect(walk(nodes, { alpha: 0.01, escalation: beyond })).toBeUndefined();
});
