// Labels as files hold them → numbers in order of appearance, with their split.
import { MAX_CLASSES } from '@dandan/shared/bundle';
import type { LineProblem } from './issues.ts';
import { MAX_CLASS_NAME_CHARACTERS } from './limits.ts';
import { NO_SPLIT, SPLIT_CODES, SPLIT_WORDS } from './split-codes.ts';

export type ReadLabel =
  | {
      readonly kind: 'read';
      /** Index into the texts, −1 where unknown. */
      readonly label: number;
      /** A code of `split-codes.ts`. */
      readonly split: number;
    }
  | { readonly kind: 'refused'; readonly problem: LineProblem };

export interface LabelTexts {
  /** Distinct label texts in order of appearance. */
  readonly texts: readonly string[];
  /** Reads a label and a split as files hold them; empty and −1 are unknown. */
  read(label: string, split: string): ReadLabel;
}

/** Columns as errors call them. @default label, split */
interface ColumnNames {
  readonly label: string;
  readonly split: string;
}

/** Starts with no label known. */
export function createLabelTexts(
  columns: ColumnNames = { label: 'label', split: 'split' },
): LabelTexts {
  const texts: string[] = [];
  const positions = new Map<string, number>();

  function problemOf(label: string, known: boolean, split: string): LineProblem | undefined {
    const code = SPLIT_CODES.get(split);
    if (code === undefined) {
      const message = 'unknown split';
      return { column: columns.split, message, value: split, allowed: SPLIT_WORDS };
    }
    const refuse = (message: string, allowed: string) => ({
      column: columns.label,
      message,
      value: label,
      allowed,
    });
    if (!known) {
      return code === NO_SPLIT ? undefined : refuse(`a ${split} node without label`, 'a label');
    }
    if (label.length > MAX_CLASS_NAME_CHARACTERS) {
      return refuse('the label is too long', `at most ${MAX_CLASS_NAME_CHARACTERS} characters`);
    }
    if (!positions.has(label) && texts.length === MAX_CLASSES) {
      return refuse('too many classes', `at most ${MAX_CLASSES} different labels`);
    }
    return undefined;
  }

  return {
    texts,
    read(label, split) {
      const known = label !== '' && label !== '-1';
      const problem = problemOf(label, known, split);
      if (problem !== undefined) return { kind: 'refused', problem };
      if (known && !positions.has(label)) {
        positions.set(label, texts.length);
        texts.push(label);
      }
      const position = known ? positions.get(label)! : -1;
      return { kind: 'read', label: position, split: SPLIT_CODES.get(split)! };
    },
  };
}
