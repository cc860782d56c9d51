import { expect, test } from 'vitest';
import type { DistilledStage } from '../distill/distill-cascade.ts';
import { equaliseStages } from './equalise.ts';

/** Two nodes, one input, stages of two and one units, two classes. */
function stagesOf(structure: 'paper' | 'incremental'): DistilledStage[] {
  const common = {
    logits: new Float32Array(4),
    innerRanges: [],
    validationAccuracy: 0,
    epochs: 1,
    lambda: 0,
    nextLambda: 0,
  };
  const head = structure === 'incremental' ? { 'head.h': Float32Array.of(1, 2, 3, 4) } : {};
  return [
    {
      ...common,
      stage: 1,
      weights: {
        'hidden0.x': Float32Array.of(8, 2),
        'hidden0.b': Float32Array.of(4, 0),
        'head.u': Float32Array.of(1, 2, 3, 4),
        'head.b': Float32Array.of(0.5, -0.5),
      },
      units: Float32Array.of(4, 0.5, 2, 0.25),
    },
    {
      ...common,
      stage: 2,
      weights: {
        'hidden0.x': Float32Array.of(6),
        'hidden0.h': Float32Array.of(1, 10),
        'hidden0.b': Float32Array.of(2),
        'head.u': Float32Array.of(5, 6),
        'head.b': Float32Array.of(0, 1),
        ...head,
      },
      units: Float32Array.of(0, 2),
    },
  ];
}

test('equaliseStages() divides a unit and multiplies what its readers make of it', () => {
  const [first, second] = equaliseStages(
    stagesOf('incremental'),
    'incremental',
    Int32Array.of(0, 1),
  );
  expect([...first.units]).toEqual([1, 1, 0.5, 0.5]);
  expect([...first.weights['hidden0.x']]).toEqual([2, 4]);
  expect([...first.weights['hidden0.b']]).toEqual([1, 0]);
  expect([...first.weights['head.u']]).toEqual([4, 8, 1.5, 2]);
  expect([...first.weights['head.b']]).toEqual([0.5, -0.5]);
  // Stage 2 reads units divided by 4 and 0.5, and its own unit is divided by 2.
  expect([...second.weights['hidden0.h']]).toEqual([2, 2.5]);
  expect([...second.weights['hidden0.x']]).toEqual([3]);
  expect([...second.weights['head.h']]).toEqual([4, 8, 1.5, 2]);
  expect([...second.weights['head.u']]).toEqual([10, 12]);
});

test("equaliseStages() passes on only the last stage's ranges in the paper's structure", () => {
  const stages = stagesOf('paper');
  const third = {
    ...stages[1],
    stage: 3,
    weights: { ...stages[1].weights, 'hidden0.h': Float32Array.of(3) },
  };
  const [, , last] = equaliseStages([...stages, third], 'paper', Int32Array.of(0, 1));
  expect([...last.weights['hidden0.h']]).toEqual([3]);
});

test('equaliseStages() looks at the listed nodes only and leaves dead units alone', () => {
  const [, second] = equaliseStages(stagesOf('incremental'), 'incremental', Int32Array.of(0));
  expect([...second.weights['hidden0.b']], 'the unit is 0 on node 0').toEqual([2]);
});

test('equaliseStages() scales every hidden layer of a deeper student', () => {
  const [stage] = equaliseStages(
    [
      {
        ...stagesOf('paper')[0],
        weights: {
          'hidden0.x': Float32Array.of(8, 2),
          'hidden0.b': Float32Array.of(4, 1),
          'hidden1.w': Float32Array.of(1, 2, 3, 4),
          'hidden1.b': Float32Array.of(2, 1),
          'head.u': Float32Array.of(1, 2, 3, 4),
          'head.b': Float32Array.of(0.5, -0.5),
        },
        // The first unit of layer 0 reaches 2, the second is dead.
        innerRanges: [Float32Array.of(2, 0)],
      },
    ],
    'paper',
    Int32Array.of(0, 1),
  );
  // The units of layer 1 reach 4 and 0.5.
  expect([...stage.weights['hidden0.x']]).toEqual([4, 2]);
  expect([...stage.weights['hidden0.b']]).toEqual([2, 1]);
  expect([...stage.weights['hidden1.w']]).toEqual([0.5, 8, 0.75, 8]);
  expect([...stage.weights['hidden1.b']]).toEqual([0.5, 2]);
  expect([...stage.weights['head.u']]).toEqual([4, 8, 1.5, 2]);
  expect([...stage.innerRanges[0]]).toEqual([1, 0]);
});
