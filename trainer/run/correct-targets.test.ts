import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { noCheckpoint } from './checkpoint.ts';
import { correctTargets, withoutCorrections } from './correct-targets.ts';
import type { PhaseContext } from './phase-context.ts';
import { prepare } from './prepare.ts';
import { silentProgress } from './progress.ts';
import { DEFAULTS } from './train-options.ts';

const { graph, split } = createClusterGraph();
const options = { ...DEFAULTS, setting: 'tran', widths: [4] } as const;
const random = createRandom(1);
const context: PhaseContext = {
  graph,
  data: prepare(graph, split, options, random),
  options,
  random,
  checkpoint: noCheckpoint,
  progress: silentProgress,
  signal: undefined,
};
const corrections = Int32Array.of(split.train[1], split.train[4]);
const corrected = { ...context, corrections };

test('a teacher does not learn from corrections, and without any nothing changes', () => {
  const { train } = withoutCorrections(corrected).data.split;
  expect([...train]).toEqual([...split.train].filter((node) => !corrections.includes(node)));
  expect(corrected.data.split.train).toEqual(split.train);
  expect(withoutCorrections(context)).toBe(context);
});

test('the label of a correction speaks in place of the teacher, nine times in ten', () => {
  const logits = Float32Array.from({ length: 3 * graph.labels.length }, (_, i) => (i % 7) - 3);
  const targets = correctTargets(logits, corrected);
  graph.labels.forEach((label, node) => {
    const own = targets.subarray(3 * node, 3 * node + 3);
    if (!corrections.includes(node)) {
      expect(own).toEqual(logits.subarray(3 * node, 3 * node + 3));
      return;
    }
    const top = Math.max(...own);
    const weights = Array.from(own, (value) => Math.exp(value - top));
    const sum = weights.reduce((a, b) => a + b);
    expect(weights[label] / sum).toBeCloseTo(0.9, 6);
  });
  expect(correctTargets(logits, context)).toBe(logits);
});
