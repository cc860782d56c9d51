import { expect, test } from 'vitest';
import { createClusterGraph } from '../../testing/cluster-graph.ts';
import { earlyExits } from './early-exits.ts';

const { graph, split } = createClusterGraph({ classes: 2, perClass: 40 });

/** Logits that are right with a margin on some nodes and wrong with a smaller one on others. */
function logitsOf(right: (node: number) => boolean, margin: (node: number) => number) {
  const logits = new Float32Array(graph.labels.length * 2);
  graph.labels.forEach((label, node) => {
    logits[node * 2 + (right(node) ? label : 1 - label)] = margin(node);
  });
  return logits;
}

const isHard = (node: number) => node % 10 < 2;

test('earlyExits() stops easy nodes first and hard ones at the last stage', () => {
  const first = logitsOf(
    (node) => !isHard(node),
    (node) => (isHard(node) ? 0.2 : 6),
  );
  const second = logitsOf(
    () => true,
    () => 6,
  );
  const stages = [{ cumulativeMacs: 100 }, { cumulativeMacs: 300 }];
  const { node, batch, confidence } = earlyExits({ graph, split, logits: [first, second], stages });
  const hard = split.test.filter(isHard).length / split.test.length;
  expect(batch[0]).toBeCloseTo(100 * (1 - hard), 1);
  expect(batch[1]).toBe(100);
  expect(confidence[1]).toBeGreaterThan(confidence[0]);
  expect(node[0]).toEqual({ threshold: 1, accuracy: 100, macs: 300, students: 2 });
  const exit = node.find(({ threshold }) => threshold === 0.8);
  expect(exit?.accuracy).toBe(100);
  expect(exit?.students).toBeCloseTo(1 + hard, 1);
  expect(exit?.macs).toBeCloseTo(100 + 200 * hard, -1);
  const macs = node.map((point) => point.macs);
  expect(macs).toEqual([...macs].sort((a, b) => b - a));
});
