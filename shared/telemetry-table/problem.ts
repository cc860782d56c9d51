// What is wrong with a line of a table, for whoever reads it: a check collects, a simulation throws.
import type { ErrorCode } from '../error/index.ts';

export interface TableProblem {
  readonly code: ErrorCode;
  readonly message: string;
  /** `file:line:column` as far as it is known. */
  readonly field: string;
  readonly value: unknown;
  readonly allowed: string;
}

/** Problems of one file before it is given up: what is wrong so often is wrong with the layout. */
export const MAX_PROBLEMS_A_FILE = 200;

/** Takes a problem. May throw it; where it returns, the cell or line is left out. */
export type ReportProblem = (problem: TableProblem) => void;
