// Whether kernels compute what the arithmetic is defined to be. A feature that is there is not always
// right: Node 20's flagged relaxed SIMD gives wrong sums.
import type { Stage } from '../../bundle/bundle.ts';
import {
  type Kernels,
  type Layer,
  type QuantisedRows,
  SCALAR_KERNELS,
} from '../../kernel/index.ts';
import { createRandom, type Random } from '../../random/index.ts';
import { createBlock } from './create-block.ts';
import type { CascadeModel, RowBlock } from './row-block.ts';

/** Extremes beside middling weights: sums of two products reach ±32,258, the end of int16. */
function randomLayer(random: Random, inputs: number, outputs: number): Layer {
  const weight = Int8Array.from({ length: inputs * outputs }, (_, i) =>
    i % 3 === 0 ? 127 * (random.below(2) * 2 - 1) : random.below(255) - 127,
  );
  return {
    inputs,
    outputs,
    weight,
    bias: Int32Array.from({ length: outputs }, () => random.below(4001) - 2000),
    scale: Float32Array.from({ length: outputs }, () => (0.02 + 0.02 * random.next()) / inputs),
  };
}

interface Trial {
  readonly model: CascadeModel;
  readonly rows: QuantisedRows;
}

/** Two incremental stages of `units` units on `count` rows of `width` columns. */
function createTrial(width: number, units: number, count: number, sparse: boolean): Trial {
  const random = createRandom(width + units);
  const classes = 5;
  const stages: Stage[] = [0, units].map((read) => ({
    hidden: [randomLayer(random, width + read, units), randomLayer(random, units, units)],
    head: randomLayer(random, read + units, classes),
    inverseTemperature: Math.fround(0.7),
  }));
  const model = { input: { width, sparse }, structure: 'incremental' as const, classes, stages };
  const codes = Uint8Array.from({ length: count * width }, () =>
    random.below(3) === 0 ? 127 : 1 + random.below(127),
  );
  if (!sparse) return { model, rows: { kind: 'dense', count, width, codes } };
  const entries = { indices: Int32Array.from(codes, (_, e) => e % width), codes };
  const offsets = Int32Array.from({ length: count + 1 }, (_, i) => i * width);
  return { model, rows: { kind: 'sparse', count, width, offsets, ...entries } };
}

/** 7 rows: one group of four and a rest of three; odd sizes in every direction. */
const TRIALS = [createTrial(37, 19, 7, false), createTrial(7, 19, 7, true)];

function run(block: RowBlock, { model, rows }: Trial): void {
  const taken = block.load(rows, 0);
  for (let stage = 0; stage < model.stages.length; stage++) block.step(stage, taken);
}

function answers(block: RowBlock, trial: Trial): string {
  run(block, trial);
  const { count } = trial.rows;
  return [block.classes, block.stageClasses, block.confidence]
    .map((values) => Array.from(values.subarray(0, count)).join())
    .join(';');
}

let expected: readonly string[] | undefined;

/** True when `kernels` give the bits of the scalar path; false when they differ. @throws where they trap. */
export function passesSelfTest(kernels: Kernels): boolean {
  expected ??= TRIALS.map((trial) => answers(createBlock(trial.model, SCALAR_KERNELS), trial));
  return TRIALS.every(
    (trial, i) => answers(createBlock(trial.model, kernels), trial) === expected?.[i],
  );
}
