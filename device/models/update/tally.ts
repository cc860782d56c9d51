// What a shadow run has shown so far, in sums.
import type { LocalModel } from '../cascade/index.ts';
import type { ShadowAnswer, ShadowRow } from './shadow.ts';

/** Of one model. */
export interface SideTally {
  readonly rows: number;
  readonly macs: number;
  readonly unsure: number;
  /** Sum over the rows that state it. */
  readonly ms: number;
}

export interface Tally {
  /** Rows that the new bundle was given. */
  readonly rows: number;
  /** Of them, those it failed on or answered with nonsense. */
  readonly errors: number;
  readonly firstError: string | undefined;
  /** Rows that both answered with classes that both know. */
  readonly compared: number;
  readonly agreeing: number;
  /** Rows that the new bundle gave a class the old one does not know. */
  readonly newClass: number;
  readonly old: SideTally;
  readonly new: SideTally;
}

const NOTHING: SideTally = { rows: 0, macs: 0, unsure: 0, ms: 0 };

export const EMPTY_TALLY: Tally = {
  rows: 0,
  errors: 0,
  firstError: undefined,
  compared: 0,
  agreeing: 0,
  newClass: 0,
  old: NOTHING,
  new: NOTHING,
};

/** What the tally must know of a model. */
export interface SideFacts {
  readonly classes: readonly string[];
  /** Multiply-accumulates up to the end of stage k, at k − 1. */
  readonly macs: readonly number[];
}

export function sideFacts({ cascade: { manifest } }: LocalModel): SideFacts {
  let sum = 0;
  const macs = manifest.stages.map((stage) => {
    sum += stage.macs;
    return sum;
  });
  return { classes: manifest.classes, macs };
}

/** What is wrong with an answer, if anything is. */
function nonsense({ class: index, confidence, stage }: ShadowAnswer, facts: SideFacts) {
  if (facts.classes[index] === undefined) return `class ${index} of ${facts.classes.length}`;
  if (!(confidence >= 0 && confidence <= 1)) return `confidence ${confidence}`;
  if (facts.macs[stage - 1] === undefined) return `stage ${stage} of ${facts.macs.length}`;
  return undefined;
}

function addSide(tally: SideTally, answer: ShadowAnswer, { macs }: SideFacts): SideTally {
  return {
    rows: tally.rows + 1,
    macs: tally.macs + (macs[answer.stage - 1] ?? 0),
    unsure: tally.unsure + (answer.unsure === true ? 1 : 0),
    ms: tally.ms + (answer.ms ?? 0),
  };
}

function addRow(tally: Tally, row: ShadowRow, facts: { old: SideFacts; new: SideFacts }): Tally {
  const rows = tally.rows + 1;
  const problem = row.new === undefined ? 'no answer' : nonsense(row.new, facts.new);
  if (row.new === undefined || problem !== undefined || row.error !== undefined) {
    const error = `${row.asset}: ${row.error ?? problem}`;
    const firstError = tally.firstError ?? error;
    return { ...tally, rows, errors: tally.errors + 1, firstError };
  }
  const next = { ...tally, rows, new: addSide(tally.new, row.new, facts.new) };
  if (row.old === undefined) return next;
  const label = facts.new.classes[row.new.class];
  const known = facts.old.classes.includes(label);
  const agrees = facts.old.classes[row.old.class] === label;
  return {
    ...next,
    old: addSide(tally.old, row.old, facts.old),
    compared: tally.compared + (known ? 1 : 0),
    agreeing: tally.agreeing + (agrees ? 1 : 0),
    newClass: tally.newClass + (known ? 0 : 1),
  };
}

/** Classes are compared by name: a new bundle may order them otherwise, or know more. */
export function addRows(
  tally: Tally,
  rows: readonly ShadowRow[],
  facts: { readonly old: SideFacts; readonly new: SideFacts },
): Tally {
  return rows.reduce((sum, row) => addRow(sum, row, facts), tally);
}
