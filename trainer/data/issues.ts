// Where the readers report what is wrong: training stops at the first problem, a
// check collects them.
import { type ErrorCode, InputError } from '@dandan/shared/error';
import { MAX_ISSUES } from './limits.ts';

/** One thing wrong with the data. `field` reads `file:line:column` as far as it is known. */
export interface Issue {
  readonly code: ErrorCode;
  readonly message: string;
  readonly field: string;
  readonly value: unknown;
  readonly allowed: string;
  readonly cause?: unknown;
}

export interface IssueCollector {
  /** Takes a problem. May throw it; where it returns, the reader leaves the line out and goes on. */
  report(issue: Issue): void;
}

/** Throws the first problem as an {@linkcode InputError}. */
export const refuseFirst: IssueCollector = {
  report({ code, message, ...details }) {
    throw new InputError(code, message, details);
  },
};

/** A refusal as a problem to collect. */
export function issueOf({ code, message, field = '', value, allowed = '' }: InputError): Issue {
  return { code, message, field, value, allowed };
}

export interface CollectedIssues extends IssueCollector {
  /** The first {@linkcode MAX_ISSUES} problems, in the order found. */
  readonly issues: readonly Issue[];
  /** How many there were in all. */
  readonly total: number;
}

/** Keeps the first {@linkcode MAX_ISSUES} problems and counts the rest. */
export function collectIssues(): CollectedIssues {
  const issues: Issue[] = [];
  let total = 0;
  return {
    issues,
    get total() {
      return total;
    },
    report(issue) {
      total++;
      if (issues.length < MAX_ISSUES) issues.push(issue);
    },
  };
}

const SHOWN_CHARACTERS = 64;

/** A value as an error may show it: long text is cut. */
export function shorten(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}

/** One unusable field of a line: column, what is wrong with it, what it held, what it may hold. */
export interface LineProblem {
  readonly column: string;
  readonly message: string;
  readonly value: string;
  readonly allowed: string;
}

/** Reports a problem with line `line` (1-based; a row where the file has no lines) of file `name`. */
export function reportLine(
  issues: IssueCollector,
  name: string,
  line: number,
  { column, message, value, allowed }: LineProblem,
  unit: 'line' | 'row' = 'line',
): void {
  issues.report({
    code: 'data-invalid',
    message: `${name} ${unit} ${line}: ${message}`,
    field: `${name}:${line}:${column}`,
    value: shorten(value),
    allowed,
  });
}
