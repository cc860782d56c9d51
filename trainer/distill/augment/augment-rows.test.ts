import { createRandom } from '@dandan/shared/random';
import { expect, test } from 'vitest';
import { constant, evaluateOnce } from '../../autodiff/index.ts';
import { createRowAugmenter } from './augment-rows.ts';
import { type AugmentStrength, strengthAt } from './augmentation.ts';

/** A mean and a slope of one sensor, whether it speaks, and a sensor of a single column. */
const CHANNELS = [
  { name: 'flow', columns: [0, 1], level: [0], missing: [2] },
  { name: 'pressure', columns: [3, 4], level: [3, 4], missing: [] },
];
const WIDTH = 6;
const ROWS = 400;
const DEVIATIONS = Float32Array.of(1, 1, 1, 2, 8, 1);
const ABSENT = Float32Array.of(0, 0, 3, 0, 0, 0);
const NONE: AugmentStrength = { noise: 0, dropout: 0, drift: 0 };
const clean = Float32Array.from({ length: ROWS * WIDTH }, (_, at) => (at % 7) - 3);

async function augmented(strength: Partial<AugmentStrength>, seed = 1): Promise<Float32Array> {
  const augment = createRowAugmenter({
    channels: CHANNELS,
    deviations: DEVIATIONS,
    absent: ABSENT,
    strength: { ...NONE, ...strength },
    random: createRandom(seed),
  });
  const { x, feeds } = augment(constant(clean, [ROWS, WIDTH]), 'rows');
  return (await evaluateOnce({ x }, feeds(createRandom(seed).fork('draws')))).x;
}

const column = (values: Float32Array, j: number) =>
  Array.from({ length: ROWS }, (_, i) => values[i * WIDTH + j] - clean[i * WIDTH + j]);

const deviationOf = (values: readonly number[]) =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

test('createRowAugmenter() leaves clean rows alone where nothing is asked for', async () => {
  expect(await augmented({})).toEqual(clean);
});

test('createRowAugmenter() adds noise to readings only, up to the strength', async () => {
  const rows = await augmented({ noise: 0.6 });
  // The deviation of a·n for even a in 0..0.6 is 0.6 / √3.
  for (const j of [0, 1, 3, 4])
    expect(deviationOf(column(rows, j))).toBeCloseTo(0.6 / Math.sqrt(3), 1);
  for (const j of [2, 5]) expect(deviationOf(column(rows, j))).toBe(0);
});

test('createRowAugmenter() moves the levels of a channel by one offset in its own unit', async () => {
  const rows = await augmented({ drift: 2 });
  expect(deviationOf(column(rows, 0))).toBeGreaterThan(1.6);
  expect(deviationOf(column(rows, 1))).toBe(0);
  const [first, second] = [column(rows, 3), column(rows, 4)];
  first.forEach((offset, i) => {
    expect(second[i] * DEVIATIONS[4]).toBeCloseTo(offset * DEVIATIONS[3], 4);
  });
});

test('createRowAugmenter() takes away whole channels, as the assembler writes them', async () => {
  const rows = await augmented({ dropout: 0.3, noise: 0.5 });
  let silent = 0;
  for (let i = 0; i < ROWS; i++) {
    const row = rows.subarray(i * WIDTH, (i + 1) * WIDTH);
    if (row[2] === ABSENT[2] && clean[i * WIDTH + 2] !== ABSENT[2]) {
      silent++;
      expect([row[0], row[1]]).toEqual([0, 0]);
    }
    expect(row[3] === 0, 'both or none').toBe(row[4] === 0);
  }
  // One row in seven has the same number there anyhow; four deviations of a count.
  expect(Math.abs(silent - 0.3 * ROWS * (6 / 7))).toBeLessThan(4 * Math.sqrt(ROWS * 0.21));
});

test('createRowAugmenter() gives the same rows of the same seeds', async () => {
  const strength = { noise: 0.5, dropout: 0.2, drift: 1 };
  expect(await augmented(strength)).toEqual(await augmented(strength));
  expect(await augmented(strength, 2)).not.toEqual(await augmented(strength));
});

test('strengthAt() grows from stage to stage, or not', () => {
  const strength = { noise: 0.4, dropout: 0.2, drift: 0 };
  expect(strengthAt({ ...strength, schedule: 'constant' }, 1, 4)).toEqual(strength);
  const half = { noise: 0.2, dropout: 0.1, drift: 0 };
  expect(strengthAt({ ...strength, schedule: 'progressive' }, 2, 4)).toEqual(half);
  expect(strengthAt({ ...strength, schedule: 'progressive' }, 4, 4)).toEqual(strength);
  expect(strengthAt({ ...NONE, schedule: 'constant' }, 4, 4)).toBeUndefined();
});
