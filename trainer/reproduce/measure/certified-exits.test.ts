import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { randomSplit } from '../../graph/split.ts';
import { prepare } from '../../run/prepare.ts';
import { DEFAULTS, type TrainOptions } from '../../run/train-options.ts';
import { createClusterGraph } from '../../testing/cluster-graph.ts';
import type { CellResult } from '../cell.ts';
import { measureCertified, PROMISE } from './certified-exits.ts';

const CLASSES = 3;
const { graph } = createClusterGraph({ kind: 'dense', width: 6, classes: CLASSES, perClass: 600 });

const OPTIONS: TrainOptions = {
  ...DEFAULTS,
  setting: 'tran',
  widths: [2, 4, 8, 16],
  student: { ...DEFAULTS.student, learningRate: 0.02, maxEpochs: 60 },
};

const teacherLogits = Float32Array.from({ length: graph.labels.length * CLASSES }, (_, at) =>
  graph.labels[Math.floor(at / CLASSES)] === at % CLASSES ? 3 : 0,
);

function measure(
  method: 'progmlp-paper' | 'progmlp-additive',
  options: TrainOptions = OPTIONS,
): Promise<CellResult> {
  const split = randomSplit({ labels: graph.labels, classes: CLASSES, seed: 1 });
  const data = prepare(graph, split, options, createRandom(1));
  return measureCertified({
    graph,
    data,
    cell: { id: 1, method, options, breakdown: false, certified: true },
    method,
    teacherLogits,
    teacherPredictions: undefined,
  });
}

test.each(['progmlp-paper', 'progmlp-additive'] as const)(
  'measureCertified() keeps its promise on the test nodes and says what it saves: %s',
  async (method) => {
    const { certified, stages, macs } = await measure(method);
    const { n, ways, full, int8, ranking } = certified!;
    // Of 1800 nodes 150 are labelled; at most half of the rest is kept back.
    expect(n).toBe(825);
    expect(int8.agreement).toBeGreaterThan(97);
    expect(ranking).toHaveLength(3);
    for (const area of ranking) if (area !== null) expect(area).toBeGreaterThan(0.5);
    expect(macs).toBe(stages[3].cumulativeMacs);
    for (const exit of Object.values(ways)) {
      expect(exit.gatewayShare).toBeGreaterThanOrEqual(0);
      // Four standard errors above the promise.
      expect(exit.disagreement).toBeLessThan(100 * PROMISE.alpha + 1.4);
      expect(Math.abs(full - exit.accuracy)).toBeLessThanOrEqual(exit.disagreement + 0.01);
      if (!exit.certified) expect(exit).toMatchObject({ gatewayShare: 0, macsShare: 100 });
    }
    expect(ways.chosen.certified).toBe(true);
    expect(ways.chosen).toEqual(ways.fixedSequence);
    expect(ways.chosen.macsShare).toBeLessThan(100);
  },
);

test('measureCertified() is the same twice, and feels the gatekeeper', async () => {
  const seconds = 0;
  const first = { ...(await measure('progmlp-additive')), seconds };
  expect({ ...(await measure('progmlp-additive')), seconds }).toEqual(first);
  const without = await measure('progmlp-additive', { ...OPTIONS, gatekeeper: 0 });
  expect(without.certified).not.toEqual(first.certified);
});
