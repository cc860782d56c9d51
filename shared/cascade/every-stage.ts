// Runs rows through all stages without stopping any, a block at a time.
import { checkShape, type QuantisedRows } from '../kernel/index.ts';
import type { Cascade } from './cascade.ts';

/**
 * Calls `visit` after every stage of every block: the block's arrays hold the answers for its rows
 * begin..begin + count, in order.
 *
 * @throws {InputError} `rows-*`.
 */
export function everyStage(
  cascade: Cascade,
  rows: QuantisedRows,
  visit: (stage: number, begin: number, count: number) => void,
): void {
  checkShape(rows, cascade.input);
  const { block, stages } = cascade;
  for (let begin = 0; begin < rows.count; ) {
    const count = block.load(rows, begin);
    for (let stage = 0; stage < stages; stage++) {
      block.step(stage, count);
      visit(stage, begin, count);
    }
    begin += count;
  }
}
