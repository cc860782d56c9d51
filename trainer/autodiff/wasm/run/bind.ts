// Kernel calls from their descriptions.
import type { Kernels } from '../kernels.ts';
import type { Argument, Instruction } from '../plan/instruction.ts';

/** Where a call is: a block of rows of a chunk, and the thread's scratch area. */
export interface Position {
  from: number;
  rows: number;
  chunk: number;
  scratch: number;
}

export type Call = (position: Position) => void;

export function bind(
  { kernel, arguments: list }: Instruction,
  kernels: Kernels,
  integers: Int32Array,
): Call {
  const run = kernels[kernel];
  const values = new Array<number>(list.length).fill(0);
  const moving: Required<Argument & { at: number }>[] = [];
  list.forEach((argument, at) => {
    const { base, fromScale = 0, rowsScale = 0, chunkScale = 0, scratch = false } = argument;
    const { fed = -1 } = argument;
    if (fromScale || rowsScale || chunkScale || scratch || fed >= 0) {
      moving.push({ at, base, fromScale, rowsScale, chunkScale, scratch, fed });
    } else values[at] = base;
  });
  return ({ from, rows, chunk, scratch }) => {
    for (const argument of moving) {
      let value = argument.base + from * argument.fromScale + rows * argument.rowsScale;
      value += chunk * argument.chunkScale;
      if (argument.scratch) value += scratch;
      if (argument.fed >= 0) value += integers[argument.fed >> 2];
      values[argument.at] = value;
    }
    run(...values);
  };
}
