// One digest for what kernels answer to thousands of made-up cascades, to compare runtimes.
import { sha256Hex } from '../bundle/index.ts';
import { createBlock } from '../cascade/block/create-block.ts';
import type { RowBlock } from '../cascade/block/row-block.ts';
import type { Kernels } from '../kernel/index.ts';
import { createRandom } from '../random/index.ts';
import { type RandomCase, randomCase } from './random-model.ts';

/** Everything a block says of one row after one stage. */
export interface RowAnswer {
  readonly stage: number;
  readonly row: number;
  readonly class: number;
  readonly stageClass: number;
  readonly confidence: number;
  readonly probabilities: readonly number[];
}

/**
 * Runs the rows of a case up the stairs on `kernels`, stopping rows at random on the way, `rowsAtOnce`
 * at a time.
 */
export function climb(
  { model, rows, stop }: RandomCase,
  kernels: Kernels,
  rowsAtOnce = Number.POSITIVE_INFINITY,
): RowAnswer[] {
  const block = createBlock(model, kernels);
  const answers: RowAnswer[] = [];
  for (let begin = 0; begin < rows.count; ) {
    const taken = Math.min(block.load(rows, begin), rowsAtOnce);
    let climbing = taken;
    for (let stage = 0; stage < model.stages.length && climbing > 0; stage++) {
      block.step(stage, climbing);
      climbing = visit(block, { stage, begin, climbing, stop, classes: model.classes }, answers);
    }
    begin += taken;
  }
  return answers.sort((a, b) => a.row - b.row || a.stage - b.stage);
}

interface Visit {
  readonly stage: number;
  readonly begin: number;
  readonly climbing: number;
  readonly stop: number;
  readonly classes: number;
}

function visit(
  block: RowBlock,
  { stage, begin, climbing, stop, classes }: Visit,
  answers: RowAnswer[],
): number {
  let kept = 0;
  for (let i = 0; i < climbing; i++) {
    const place = block.active[i];
    const row = begin + place;
    const from = place * block.classStride;
    answers.push({
      stage,
      row,
      class: block.classes[place],
      stageClass: block.stageClasses[place],
      confidence: block.confidence[place],
      probabilities: [...block.probabilities.subarray(from, from + classes)],
    });
    // By row and stage alone, so that it does not depend on the blocks.
    if (createRandom(row * 16 + stage).next() >= stop) block.active[kept++] = place;
  }
  return kept;
}

/** SHA-256 over the answers to the cases of seeds 1..`cases`. */
export async function kernelDigest(kernels: Kernels, cases: number): Promise<string> {
  const numbers: number[] = [];
  for (let seed = 1; seed <= cases; seed++) {
    for (const answer of climb(randomCase(seed), kernels)) {
      const { stage, row, stageClass, confidence, probabilities } = answer;
      numbers.push(stage, row, answer.class, stageClass, confidence, ...probabilities);
    }
  }
  return sha256Hex(new Uint8Array(Float32Array.from(numbers).buffer));
}
