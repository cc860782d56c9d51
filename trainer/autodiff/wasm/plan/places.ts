// Where the values of a strip are, and kernel calls on them.
import type { Expression } from '../../expression.ts';
import { type Argument, type Instruction, number } from './instruction.ts';
import type { Leaves } from './leaves.ts';

/** Where values are, seen from one strip. */
export interface Places {
  /** Address of the block's first row. */
  rows(node: Expression): Argument;
  /** Address of the whole matrix. */
  whole(node: Expression): Argument;
  /** Address of a transposed copy, made before the strip starts. */
  transposed(node: Expression): Argument;
  /** Address the result goes to. */
  result(node: Expression): Argument;
  /** Address of the mask pool. */
  readonly pool: number;
  readonly leaves: Leaves;
}

export function call(kernel: string, ...list: readonly (Argument | number)[]): Instruction {
  return {
    kernel,
    arguments: list.map((value) => (typeof value === 'number' ? number(value) : value)),
  };
}
