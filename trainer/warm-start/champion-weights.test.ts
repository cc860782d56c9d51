import { createCascade, stageProbabilities } from '@dandan/shared/cascade';
import type { InputQuantisation } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import { createTestBundle, createTestRows } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import type { Weights } from '../network/weights.ts';
import { inputScale } from '../quantise/input.ts';
import type { Structure } from '../student/student.ts';
import { championWeights } from './champion-weights.ts';

const COUNT = 300;

/** Rows in raw units, as the codes of `input` stand for them. */
function rawRows(input: InputQuantisation, codes: Uint8Array): Float64Array {
  const { width, zeroPoint, offset, multiplier, sparse } = input;
  return Float64Array.from(codes, (code, e) => {
    const j = sparse ? 0 : e % width;
    return (code - zeroPoint) / multiplier[j] + offset[j];
  });
}

/** A matrix product of rows [n, a] with [a, b], plus a bias. */
function times(rows: number[][], weight: Float32Array, bias?: Float32Array): number[][] {
  return rows.map((row) => {
    const outputs = weight.length / row.length;
    return Array.from({ length: outputs }, (_, o) =>
      row.reduce((sum, value, j) => sum + value * weight[j * outputs + o], bias?.[o] ?? 0),
    );
  });
}

const plus = (a: number[][], b: number[][]) =>
  a.map((row, i) => row.map((value, j) => value + (b[i][j] ?? 0)));
const relu = (rows: number[][]) => rows.map((row) => row.map((value) => Math.max(0, value)));

/** The students in plain float64 arithmetic, as `createStudent` defines them. */
function logitsOf(stages: readonly Weights[], x: number[][], structure: Structure): number[][][] {
  let h: number[][] | undefined;
  return stages.map((w) => {
    let z = times(x, w['hidden0.x'], w['hidden0.b']);
    if (h && structure !== 'additive') z = plus(z, times(h, w['hidden0.h']));
    const u = relu(z);
    let logits = times(u, w['head.u'], w['head.b']);
    if (h && structure === 'incremental') logits = plus(logits, times(h, w['head.h']));
    if (h && structure === 'additive') logits = plus(logits, h);
    if (structure === 'additive') h = logits;
    else h = h && structure === 'incremental' ? h.map((row, i) => [...row, ...u[i]]) : u;
    return logits;
  });
}

const softmax = (row: number[], temperature: number) => {
  const top = Math.max(...row);
  const values = row.map((value) => Math.exp((value - top) / temperature));
  const sum = values.reduce((a, b) => a + b);
  return values.map((value) => value / sum);
};

test.each(['paper', 'incremental', 'additive'] as const)(
  'students that start from a %s champion answer as it does, in the units of another run',
  async (structure) => {
    const units = structure === 'paper' ? [16, 16, 16] : [8, 8, 16];
    const { bundle } = await createTestBundle({ seed: 6, structure, units });
    const { input } = bundle;
    const random = createRandom(2);
    const other: InputQuantisation = {
      ...input,
      offset: input.offset.map((value) => value + random.normal()),
      multiplier: input.multiplier.map((value) => value * (0.5 + random.next())),
    };
    const studentScale = 1;
    const weights = championWeights({ champion: bundle, input: other, studentScale });
    const rows = createTestRows(input, COUNT, 3);
    if (rows.kind !== 'dense') throw new Error('dense rows wanted');
    const raw = rawRows(input, rows.codes);
    const x = Array.from({ length: COUNT }, (_, i) =>
      Array.from({ length: input.width }, (_, j) => {
        const value = raw[i * input.width + j];
        return (value - other.offset[j]) * other.multiplier[j] * inputScale(other);
      }),
    );
    const cascade = createCascade(bundle);
    const expected = stageProbabilities(cascade, rows);
    const logits = logitsOf(weights, x, structure);
    logits.forEach((matrix, k) => {
      const { temperature } = bundle.manifest.stages[k];
      const classes = matrix[0].length;
      let same = 0;
      matrix.forEach((row, i) => {
        const own = Array.from(expected[k].subarray(i * classes, (i + 1) * classes));
        const now = softmax(row, temperature);
        if (own.indexOf(Math.max(...own)) === now.indexOf(Math.max(...now))) same++;
      });
      // What is left is the rounding of 7-bit activations.
      expect(same / COUNT, `stage ${k + 1}`).toBeGreaterThan(0.95);
    });
  },
);
