// Problems of one file, by line and column: told one by one until there are too many.
import type { ErrorCode } from '../error/index.ts';
import { InputError } from '../error/index.ts';
import type { Cell } from './cell.ts';
import { MAX_PROBLEMS_A_FILE, type ReportProblem } from './problem.ts';

/** Ends the reading of a file; never leaves the reader. */
export class FileGivenUp extends Error {}

export interface CellProblem {
  readonly line: number;
  readonly column?: string | undefined;
  readonly value: Cell;
  readonly allowed: string;
  readonly message: string;
  /** @default {'data-invalid'} */
  readonly code?: ErrorCode;
}

export interface FileProblems {
  /** Tells a problem. @throws {FileGivenUp} behind the last one that is told. */
  tell(problem: CellProblem): void;
  /** Tells what was thrown, if it is bad input. @throws everything else. */
  tellError(error: unknown): void;
}

/** A value as a message may show it. */
function shown(value: Cell): unknown {
  return typeof value === 'bigint' || value instanceof Date ? String(value) : value;
}

/** `unit`: what a line of the file is called. */
export function createFileProblems(options: {
  readonly name: string;
  readonly unit: 'line' | 'row';
  readonly report: ReportProblem;
}): FileProblems {
  const { name, unit, report } = options;
  let told = 0;
  return {
    tell({ line, column, value, allowed, message, code = 'data-invalid' }) {
      const field = `${name}:${line}${column === undefined ? '' : `:${column}`}`;
      const text = `${name} ${unit} ${line}: ${message}`;
      report({ code, message: text, field, value: shown(value), allowed });
      if (++told < MAX_PROBLEMS_A_FILE) return;
      report({
        code: 'data-invalid',
        message: `${name} is read no further than ${unit} ${line}`,
        field: `${name}:${line}`,
        value: `${told} problems`,
        allowed: `fewer than ${MAX_PROBLEMS_A_FILE} problems a file; the layout may be another`,
      });
      throw new FileGivenUp(name);
    },
    tellError(error) {
      if (error instanceof FileGivenUp) return;
      if (!(error instanceof InputError)) throw error;
      const { code, message, field = name, value, allowed = '' } = error;
      report({ code, message, field, value, allowed });
    },
  };
}
