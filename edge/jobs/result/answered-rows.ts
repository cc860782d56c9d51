// The answers to the rows of one chunk, in the form that both result formats are written from.
import type { CascadeResult } from '@dandan/shared/cascade';

/** Columns of a result, in order. */
export const RESULT_COLUMNS = [
  'row',
  'id',
  'class',
  'label',
  'confidence',
  'stage',
  'stopped',
  'macs',
] as const;

export interface AnsweredRows {
  /** Index of the first row in the job; the others follow. */
  readonly firstRow: number;
  readonly count: number;
  /** One per row; `undefined` where the input has none. */
  readonly ids: readonly (string | null)[] | undefined;
  /** Names of the classes. */
  readonly labels: readonly string[];
  readonly result: CascadeResult;
}
