import { createPlant } from '@dandan/shared/plant';
import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { plantGraph } from '../../plant/index.ts';
import { prepare } from '../../run/prepare.ts';
import { DEFAULTS, type TrainOptions } from '../../run/train-options.ts';
import { createClusterGraph } from '../../testing/cluster-graph.ts';
import { LEVELS, measureRobustness } from './robustness.ts';

const OPTIONS: TrainOptions = {
  ...DEFAULTS,
  setting: 'ind',
  widths: [4, 8],
  student: { ...DEFAULTS.student, maxEpochs: 60 },
};
/** A few hours hold faults of every class. */
const DURATION_MS = 6 * 3_600_000;

const { graph, split } = plantGraph({
  plant: createPlant({ seed: 1 }),
  seed: 1,
  durationMs: DURATION_MS,
});
const classes = graph.classes.length;
const teacherLogits = Float32Array.from({ length: graph.labels.length * classes }, (_, at) =>
  graph.labels[Math.floor(at / classes)] === at % classes ? 3 : 0,
);

const measure = (options: TrainOptions) =>
  measureRobustness({
    graph,
    data: prepare(graph, split, options, createRandom(options.seed)),
    cell: { id: 1, method: 'progmlp-additive', options, breakdown: false, certified: false },
    method: 'progmlp-additive',
    teacherLogits,
    teacherPredictions: undefined,
  });

test('measureRobustness() states every stage at every level, and more disturbance costs more', async () => {
  const { disturbed = [], curve } = await measure(OPTIONS);
  const levels = Object.values(LEVELS).flat().length;
  expect(disturbed).toHaveLength(1 + levels);
  for (const { stages, exit, gatewayShare } of disturbed) {
    expect(stages).toHaveLength(2);
    for (const value of [...stages, exit, gatewayShare]) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThanOrEqual(100);
    }
  }
  const last = (kind: string, level: number) =>
    disturbed.find((point) => point.kind === kind && point.level === level)?.stages[1] ?? 0;
  const clean = last('noise', 0);
  // The same answers but for int8.
  expect(Math.abs(clean - curve[1].accuracy)).toBeLessThan(2);
  expect(clean).toBeGreaterThan(60);
  for (const [kind, level] of [
    ['noise', 1],
    ['silence', 0.4],
    ['shift', 1],
    ['drift', 2],
  ] as const) {
    expect(last(kind, level), kind).toBeLessThan(clean - 3);
  }
  expect(await measure(OPTIONS)).toMatchObject({ disturbed });
});

test('measureRobustness() refuses words, which no sensor sends', async () => {
  const words = createClusterGraph();
  const options = { ...OPTIONS, setting: 'tran' } as const;
  await expect(
    measureRobustness({
      graph: words.graph,
      data: prepare(words.graph, words.split, options, createRandom(1)),
      cell: { id: 1, method: 'progmlp-additive', options, breakdown: false, certified: false },
      method: 'progmlp-additive',
      teacherLogits: new Float32Array(words.graph.labels.length * 3),
      teacherPredictions: undefined,
    }),
  ).rejects.toMatchObject({ code: 'option-invalid', field: '--data' });
});

test('measureRobustness() of a cascade that met noise in training loses less to it', async () => {
  const lostBy = async (noise: number) => {
    const augmentation = { noise, dropout: 0, drift: 0, schedule: 'constant' } as const;
    const student = { ...OPTIONS.student, mixupWeight: 0, maxEpochs: 200 };
    const { disturbed = [] } = await measure({ ...OPTIONS, widths: [16], student, augmentation });
    const noisy = disturbed.find(({ kind, level }) => kind === 'noise' && level === 1);
    return disturbed[0].stages[0] - (noisy?.stages[0] ?? 0);
  };
  expect(await lostBy(2)).toBeLessThan((await lostBy(0)) - 2);
});
