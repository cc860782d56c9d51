import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { prepare } from '../../run/prepare.ts';
import { DEFAULTS } from '../../run/train-options.ts';
import { createClusterGraph } from '../../testing/cluster-graph.ts';
import { measureInference } from './measure-inference.ts';

const { graph, split } = createClusterGraph({ perClass: 400, width: 96 });
const options = {
  ...DEFAULTS,
  teacher: 'gcn',
  setting: 'tran',
  widths: [64, 128, 192, 256],
} as const;
const data = prepare(graph, split, options, createRandom(1));

test.each(['teacher', 'mlp', 'progmlp-incremental'] as const)(
  'measureInference() of %s is a positive time',
  async (method) => {
    const ms = await measureInference({ graph, data, options, method });
    expect(ms).toBeGreaterThan(0);
    expect(ms).toBeLessThan(1000);
  },
);

test('measureInference() counts every student: an ensemble of four costs about four', async () => {
  const one = await measureInference({ graph, data, options, method: 'glnn' });
  const four = await measureInference({ graph, data, options, method: 'e-glnn' });
  // Four times on a quiet machine.
  expect(four / one).toBeGreaterThan(1.5);
});
