// Students that learn on pairs by rules and on disturbed rows, through every way of training.
import type { FloatRows } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { accuracyOf } from '../metrics/accuracy.ts';
import { featureProduct } from '../network/feature-product.ts';
import type { Structure } from '../student/student.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { type DistillOptions, distillCascade } from './distill-cascade.ts';

const { graph, split } = createClusterGraph({ kind: 'dense', width: 6, perClass: 60 });
const rows = graph.features.rows as FloatRows;
const CLASSES = 3;
const teacherLogits = Float32Array.from({ length: rows.count * CLASSES }, (_, at) =>
  graph.labels[Math.floor(at / CLASSES)] === at % CLASSES ? 2 : 0,
);
const AUGMENTATION: NonNullable<DistillOptions['augmentation']> = {
  rows,
  channels: [0, 1, 2].map((c) => ({
    name: `c${c}`,
    columns: [c, c + 3],
    level: [c],
    missing: [],
  })),
  deviations: new Float32Array(6).fill(1),
  absent: new Float32Array(6),
  noise: 0.5,
  dropout: 0.2,
  drift: 0.5,
  schedule: 'progressive',
};
const PAIRING: NonNullable<DistillOptions['pairing']> = {
  rows: 'taught',
  rules: { excludes: [[], [2], [1]] },
};

const distil = (structure: Structure, more: Partial<DistillOptions> = {}) =>
  distillCascade({
    features: featureProduct(graph.features),
    labels: graph.labels,
    classes: CLASSES,
    split,
    visible: Int32Array.from({ length: rows.count }, (_, node) => node),
    teacherLogits,
    structure,
    widths: structure === 'paper' ? [6, 6] : [4, 8],
    dropout: 0.1,
    mixup: { sign: 'printed' },
    hyper: {
      learningRate: 0.02,
      weightDecay: 5e-4,
      alpha: 0.2,
      beta: 0,
      temperature: 1,
      mixupWeight: 0.3,
      maxEpochs: 80,
      patience: 80,
    },
    random: createRandom(1),
    ...more,
  });

const WAYS: readonly (readonly [string, Partial<DistillOptions>])[] = [
  ['all rows at once', {}],
  ['in batches', { batches: { batch: 40, rows } }],
];

for (const [way, given] of WAYS) {
  test.each(['paper', 'incremental', 'additive'] as const)(
    `distillCascade() learns on disturbed rows and pairs by rules, the same at every run: ${way}, %s`,
    async (structure) => {
      const more = { ...given, augmentation: AUGMENTATION, pairing: PAIRING };
      const stages = await distil(structure, more);
      const [, last] = stages;
      // By chance it is a third.
      expect(accuracyOf(last.logits, CLASSES, graph.labels, split.test)).toBeGreaterThan(0.6);
      expect(await distil(structure, more)).toEqual(stages);
      const plain = await distil(structure, given);
      expect(plain[0].weights).not.toEqual(stages[0].weights);
    },
  );

  test(`distillCascade() without strength or rules is what it is without either: ${way}`, async () => {
    const none = { ...AUGMENTATION, noise: 0, dropout: 0, drift: 0 };
    const off = { augmentation: none, pairing: { rows: 'labelled' } } as const;
    expect(await distil('additive', { ...given, ...off })).toEqual(await distil('additive', given));
  });
}

test('distillCascade() mixes labelled nodes by rules, too', async () => {
  const ruled = { rows: 'labelled', rules: PAIRING.rules } as const;
  const stages = await distil('additive', { pairing: ruled });
  expect(stages).not.toEqual(await distil('additive'));
  expect(await distil('additive', { pairing: ruled })).toEqual(stages);
});

test('distillCascade() with one pair rule goes on bit for bit after an interruption', async () => {
  const more = { augmentation: AUGMENTATION, pairing: PAIRING };
  const whole = await distil('incremental', more);
  expect(await distil('incremental', { ...more, restored: whole.slice(0, 1) })).toEqual(whole);
});
