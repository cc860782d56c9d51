import { createPlant } from '@dandan/shared/plant';
import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { plantGraph } from '../plant/index.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { augmentationOf } from './augmentation.ts';
import { prepare } from './prepare.ts';
import { silentProgress } from './progress.ts';
import { DEFAULTS } from './train-options.ts';
import { trainRun } from './train-run.ts';

const CHOSEN = { noise: 0.3, dropout: 0.1, drift: 0.5, schedule: 'constant' } as const;
const OPTIONS = { ...DEFAULTS, setting: 'tran', widths: [4] } as const;

test('augmentationOf() knows the channels and deviations of a plant', () => {
  const { graph, split } = plantGraph({
    plant: createPlant({ seed: 1 }),
    seed: 1,
    durationMs: 14_400_000,
  });
  const data = prepare(graph, split, OPTIONS, createRandom(1));
  const augmentation = augmentationOf(graph, data, CHOSEN);
  expect(augmentation).toMatchObject(CHOSEN);
  expect(augmentation?.channels.map(({ columns }) => columns.length)).toEqual([5, 5, 5, 5, 5]);
  // Mean, minimum and maximum; deviation and slope do not move.
  expect(augmentation?.channels.map(({ level }) => level.length)).toEqual([3, 3, 3, 3, 3]);
  const { width, values } = graph.features.rows;
  const first = values.filter((value, at) => at % width === 0 && !Number.isNaN(value));
  const mean = first.reduce((a, b) => a + b) / first.length;
  const spread = Math.sqrt(first.reduce((sum, v) => sum + (v - mean) ** 2, 0) / first.length);
  expect(augmentation?.deviations[0]).toBeCloseTo(spread, 3);
  expect(augmentation?.absent).toEqual(new Float32Array(width));
  expect(augmentationOf(graph, data, undefined)).toBeUndefined();
});

test('augmentationOf() refuses words, which have no channels', () => {
  const { graph, split } = createClusterGraph();
  const data = prepare(graph, split, OPTIONS, createRandom(1));
  expect(() => augmentationOf(graph, data, CHOSEN)).toThrow(
    expect.objectContaining({ code: 'option-invalid', value: '0.3, 0.1, 0.5' }),
  );
});

test('trainRun() refuses what its students could not do before it trains a teacher', async () => {
  const { graph, split } = createClusterGraph();
  const phases: string[] = [];
  const run = (more: object) =>
    trainRun({
      ...{ graph, split, splitName: 'public', options: { ...OPTIONS, ...more } },
      ...{ model: 'm', version: '1', created: '1970-01-01T00:00:00Z', codeVersion: '0' },
      progress: { ...silentProgress, phase: ({ name }) => phases.push(name) },
    });
  await expect(run({ augmentation: CHOSEN })).rejects.toMatchObject({ code: 'option-invalid' });
  const mixupPairs = { partners: 'plant', rows: 'labelled', windows: 0, exclusive: [] };
  await expect(run({ mixupPairs })).rejects.toMatchObject({ field: 'mixupPartners' });
  expect(phases).toEqual([]);
});
