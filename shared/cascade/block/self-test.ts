// Whether kernels compute what the arithmetic is defined to be. A feature that is there is not always
// right: Node 20's flagged relaxed SIMD gives wrong sums.
import { type Kernels, SCALAR_KERNELS } from '../../kernel/index.ts';
import { createBlock } from './create-block.ts';
import type { RowBlock } from './row-block.ts';
import { createTrial, runTrial, type Trial } from './trial.ts';

/** 7 rows: one group of four and a rest of three; odd sizes in every direction. */
const TRIALS = [
  createTrial({ width: 37, units: 19, count: 7, sparse: false }),
  createTrial({ width: 7, units: 19, count: 7, sparse: true }),
];

function answers(block: RowBlock, trial: Trial): string {
  runTrial(block, trial);
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
