// Answers beside those of the full cascade.
import { type Cascade, type CascadeResult, runCascade } from '@dandan/shared/cascade';
import { type QuantisedRows, selectRows } from '@dandan/shared/kernel';

/** One audited answer of several is drawn as rows pass: 1 % of the cost of never stopping early, at most. */
export const AUDIT_EVERY = 100;

export interface AuditedAnswers {
  /** By position, in order: `1` where the full cascade gives another class. */
  readonly outcomes: string;
  /** Where they differ: the row, and the class of the full cascade. */
  readonly disagreements: readonly { readonly row: number; readonly full: number }[];
}

/** Classes of the full cascade for `rows`. @throws {InputError} `rows-*`. */
export function fullAnswers(cascade: Cascade, rows: QuantisedRows): CascadeResult {
  const thresholds = cascade.manifest.stages.slice(1).map(() => null);
  return runCascade(cascade, rows, { thresholds });
}

/**
 * Audits the answers at `positions`. A row that went through all stages agrees with itself and is
 * not run again, but counts: the promise is about all rows.
 */
export function auditAnswers(
  run: { readonly cascade: Cascade; readonly rows: QuantisedRows; readonly result: CascadeResult },
  positions: readonly number[],
): AuditedAnswers {
  const { cascade, rows, result } = run;
  const last = cascade.manifest.stages.length;
  const early = positions.filter((row) => result.stage[row] < last);
  const full = new Map<number, number>();
  if (early.length > 0) {
    const { classes } = fullAnswers(cascade, selectRows(rows, early));
    early.forEach((row, i) => {
      if (classes[i] !== result.classes[row]) full.set(row, classes[i]);
    });
  }
  return {
    outcomes: positions.map((row) => (full.has(row) ? '1' : '0')).join(''),
    disagreements: Array.from(full, ([row, other]) => ({ row, full: other })),
  };
}
