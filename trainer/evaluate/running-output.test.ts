import type { Bundle } from '@dandan/shared/bundle';
import { createCascade, traceCascade } from '@dandan/shared/cascade';
import {
  accumulateDense,
  type DenseRows,
  type Layer,
  startAccumulator,
  writeActivation,
  writeLogits,
} from '@dandan/shared/kernel';
import { createTestBundle, createTestRows } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { runningClasses } from './running-output.ts';

const COUNT = 400;

function accumulate(layer: Layer, codes: Uint8Array): Int32Array {
  const accumulator = new Int32Array(layer.outputs);
  startAccumulator(layer, accumulator);
  accumulateDense(layer, codes, 0, codes.length, 0, accumulator);
  return accumulator;
}

/** Logits of every stage, [N, classes], from the layers alone. */
function logitsOf({ stages, manifest }: Bundle, rows: DenseRows): Float32Array[] {
  const classes = manifest.classes.length;
  const matrices = stages.map(() => new Float32Array(rows.count * classes));
  for (let i = 0; i < rows.count; i++) {
    const x = rows.codes.subarray(i * rows.width, (i + 1) * rows.width);
    let hidden: number[] = [];
    stages.forEach(({ hidden: [layer], head }, k) => {
      const units = new Uint8Array(layer.outputs);
      const { structure } = manifest;
      const read = structure === 'additive' ? x : Uint8Array.of(...x, ...hidden);
      writeActivation(layer, accumulate(layer, read), units, 0);
      hidden = structure === 'incremental' ? [...hidden, ...units] : [...units];
      const row = matrices[k].subarray(i * classes, (i + 1) * classes);
      writeLogits(head, accumulate(head, Uint8Array.from(hidden)), row);
      if (structure !== 'additive' || k === 0) return;
      for (let c = 0; c < classes; c++) row[c] += matrices[k - 1][i * classes + c];
    });
  }
  return matrices;
}

test.each(['paper', 'incremental', 'additive'] as const)(
  "runningClasses() follows the cascade's own rule: %s",
  async (structure) => {
    const { bundle } = await createTestBundle({ structure, classes: 5, seed: 3 });
    const rows = createTestRows(bundle.input, COUNT) as DenseRows;
    const logits = logitsOf(bundle, rows);
    const trace = traceCascade(createCascade(bundle), rows);
    const nodes = Int32Array.from({ length: COUNT }, (_, i) => i);
    const temperatures = bundle.manifest.stages.map(({ temperature }) => temperature);
    for (let k = 1; k <= logits.length; k++) {
      const classes = runningClasses(logits.slice(0, k), temperatures, 5, nodes);
      expect(classes).toEqual(trace.classes[k - 1]);
    }
    const last = logits.length - 1;
    expect(trace.classes[last], 'the mixture matters').not.toEqual(trace.stageClasses[last]);
  },
);

test('runningClasses() answers for the listed nodes, in their order', () => {
  const logits = Float32Array.of(1, 0, 0, 1, 2, 0);
  const nodes = Int32Array.of(2, 1);
  expect([...runningClasses([logits], [1], 2, nodes)]).toEqual([0, 1]);
});

test('runningClasses() lets a confident stage outweigh an undecided one', () => {
  const undecided = Float32Array.of(0.2, 0);
  const confident = Float32Array.of(0, 3);
  const node = Int32Array.of(0);
  expect([...runningClasses([undecided, confident], [1, 1], 2, node)]).toEqual([1]);
  // A temperature that flattens the second stage takes its weight away.
  expect([...runningClasses([undecided, confident], [1, 100], 2, node)]).toEqual([0]);
});
