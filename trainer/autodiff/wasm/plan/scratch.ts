// Slots for the values that live within one block of rows, reused once their last reader ran.
import type { Expression } from '../../expression.ts';
import { readsOf } from './reads.ts';

export interface ScratchSlots {
  /** Slot of each value. */
  readonly slotOf: ReadonlyMap<Expression, number>;
  /** float32 columns of each slot. */
  readonly columns: readonly number[];
}

/** @param values those of `nodes` (in order of execution) that are not stored. */
export function scratchSlots(
  nodes: readonly Expression[],
  values: ReadonlySet<Expression>,
  needed: ReadonlySet<Expression>,
): ScratchSlots {
  const lastReader = new Map<Expression, number>();
  nodes.forEach((node, position) => {
    for (const { operand } of readsOf(node)) lastReader.set(operand, position);
  });
  for (const node of needed) lastReader.set(node, nodes.length);
  const slotOf = new Map<Expression, number>();
  const columns: number[] = [];
  const free: number[] = [];
  nodes.forEach((node, position) => {
    if (values.has(node)) {
      const width = node.shape[1];
      const fitting = free.findIndex((slot) => columns[slot] === width);
      const slot = fitting === -1 ? columns.push(width) - 1 : free.splice(fitting, 1)[0];
      slotOf.set(node, slot);
    }
    // Only now: a kernel must not write over what it reads.
    for (const operand of new Set(readsOf(node).map((read) => read.operand))) {
      const slot = slotOf.get(operand);
      if (slot !== undefined && lastReader.get(operand) === position) free.push(slot);
    }
  });
  return { slotOf, columns };
}
