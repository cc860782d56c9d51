// Runs rows through all stages, or the first ones, without stopping any, a block at a time.
import { checkShape, type QuantisedRows } from '../kernel/index.ts';
import type { Cascade } from './cascade.ts';

/**
 * Calls `visit` after every stage of every block: the block's arrays hold the answers for its rows
 * begin..begin + count, in order.
 *
 * @param stages how many to run, from the first.
 * @throws {InputError} `rows-*`.
 */
export function everyStage(
  cascade: Cascade,
  rows: QuantisedRows,
  visit: (stage: number, begin: number, count: number) => void,
  stages = cascade.stages,
): void {
  checkShape(rows, cascade.input);
  const { block } = cascade;
  for (let begin = 0; begin < rows.count; ) {
    const count = block.load(rows, begin);
    for (let stage = 0; stage < stages; stage++) {
      block.step(stage, count);
      visit(stage, begin, count);
    }
    begin += count;
  }
}
