import { expect, test } from 'vitest';
import { createCascade, runCascade, traceCascade } from '../cascade/index.ts';
import { createRandom } from '../random/index.ts';
import { createTestBundle, createTestRows, type TestBundleOptions } from '../testing/index.ts';
import { createRelaxedCascade, explainRow, MAX_RESIDUAL } from './index.ts';

const CASES: readonly (readonly [string, TestBundleOptions])[] = [
  ['incremental', { structure: 'incremental', seed: 1 }],
  ['paper', { structure: 'paper', seed: 2, units: [8, 8, 8] }],
  ['additive', { structure: 'additive', seed: 3, units: [16, 16, 32], classes: 5 }],
  ['sparse', { structure: 'additive', seed: 4, sparse: true, width: 40 }],
];

test.each(CASES)('the gradient is that of finite differences: %s', async (_, options) => {
  const { bundle } = await createTestBundle(options);
  const cascade = createRelaxedCascade(bundle);
  const random = createRandom(9);
  const { width } = bundle.input;
  const columns = Int32Array.from({ length: width }, (_, j) => j);
  const gradient = new Float64Array(width);
  const other = new Float64Array(width);
  let moving = 0;
  for (let stages = 1; stages <= bundle.stages.length; stages++) {
    const codes = Float64Array.from(columns, () => 127 * random.next());
    const classes = bundle.manifest.classes.map((_, answer) => answer);
    const probabilityOf = (answer: number) =>
      cascade.probability({ columns, codes, answer, stages, gradient });
    const [answer] = classes.sort((a, b) => probabilityOf(b) - probabilityOf(a));
    const common = { columns, answer, stages };
    cascade.probability({ ...common, codes, gradient });
    for (const j of [0, 3, width - 1]) {
      const h = 1e-4;
      const at = (shift: number) =>
        cascade.probability({
          ...common,
          codes: codes.map((code, i) => (i === j ? code + shift : code)),
          gradient: other,
        });
      const slope = (at(h) - at(-h)) / (2 * h);
      expect(gradient[j]).toBeCloseTo(slope, 7);
      if (Math.abs(slope) > 1e-6) moving++;
    }
  }
  expect(moving).toBeGreaterThan(3);
});

test.each(CASES)(
  'without rounding the answer is nearly that of the kernels: %s',
  async (_, options) => {
    const { bundle } = await createTestBundle(options);
    const rows = createTestRows(bundle.input, 40);
    const cascade = createCascade(bundle);
    // Half of the rows stop at stage 1.
    const [first] = traceCascade(cascade, rows).confidence;
    const median = [...first].sort()[rows.count / 2];
    const thresholds = bundle.stages.slice(1).map(() => median);
    const result = runCascade(cascade, rows, { thresholds });
    const stagesSeen = new Set<number>();
    for (let row = 0; row < rows.count; row++) {
      const stages = result.stage[row];
      stagesSeen.add(stages);
      const { probability } = explainRow({
        bundle,
        rows,
        row,
        answer: result.classes[row],
        stages,
      });
      expect(probability).toBeCloseTo(result.confidence[row], 1);
    }
    expect(stagesSeen.size).toBeGreaterThan(1);
  },
);

test.each(CASES)('contributions add up to what the row changed: %s', async (_, options) => {
  const { bundle } = await createTestBundle(options);
  const rows = createTestRows(bundle.input, 20);
  const stages = bundle.stages.length;
  let moved = 0;
  for (let row = 0; row < rows.count; row++) {
    const explained = explainRow({ bundle, rows, row, answer: row % 3, stages });
    const { probability, baseline, contributions, residual, steps } = explained;
    expect(residual, `after ${steps} steps`).toBeLessThanOrEqual(MAX_RESIDUAL);
    const sum = contributions.reduce((total, each) => total + each.contribution, 0);
    expect(Math.abs(baseline + sum - probability)).toBeCloseTo(residual, 12);
    moved = Math.max(moved, Math.abs(probability - baseline));
    const sizes = contributions.map(({ contribution }) => Math.abs(contribution));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  }
  expect(moved, 'rows that say something').toBeGreaterThan(0.05);
});

test('a column without weights contributes nothing, and one at the mean is not named', async () => {
  const { bundle } = await createTestBundle({ structure: 'additive', seed: 5 });
  const { width } = bundle.input;
  for (const { hidden } of bundle.stages) {
    const [first] = hidden;
    for (let o = 0; o < first.outputs; o++) first.weight[o * first.inputs + 2] = 0;
  }
  const codes = Uint8Array.from({ length: width }, (_, j) => 20 + 7 * j);
  codes[4] = bundle.input.zeroPoint;
  const rows = { kind: 'dense' as const, count: 1, width, codes };
  const { contributions } = explainRow({ bundle, rows, row: 0, answer: 0, stages: 3 });
  expect(contributions.map(({ column }) => column)).not.toContain(4);
  expect(contributions.find(({ column }) => column === 2)?.contribution).toBeCloseTo(0, 12);
});
