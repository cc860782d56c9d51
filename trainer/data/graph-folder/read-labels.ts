// labels.csv: class and split of each node.
import { MAX_CLASSES } from '@dandan/shared/bundle';
import { type LineProblem, reportLine } from '../issues.ts';
import { MAX_CLASS_NAME_CHARACTERS, MAX_NODES } from '../limits.ts';
import { createInt32List } from '../number-list.ts';
import { parseNode } from '../text/parse-node.ts';
import { readTable } from '../text/read-table.ts';
import type { ReadOptions } from './read-features.ts';

/** Codes of the split column. */
export const NO_SPLIT = 0;
export const TRAIN = 1;
export const VALIDATION = 2;
export const TEST = 3;

const SPLITS: ReadonlyMap<string, number> = new Map([
  ['', NO_SPLIT],
  ['none', NO_SPLIT],
  ['train', TRAIN],
  ['val', VALIDATION],
  ['validation', VALIDATION],
  ['test', TEST],
]);

/** One entry per line, in file order. */
export interface LabelLines {
  readonly nodes: Int32Array;
  /** int32 [lines]: index into `texts`, −1 where unknown. */
  readonly labels: Int32Array;
  /** int32 [lines]: a code of the split column. */
  readonly splits: Int32Array;
  /** Distinct label texts in order of appearance. */
  readonly texts: readonly string[];
}

function isKnown(label: string): boolean {
  return label !== '' && label !== '-1';
}

/** Reads `node,label[,split]`; a label that is empty or −1 is unknown. */
export async function readLabels(options: ReadOptions): Promise<LabelLines> {
  const { name, issues } = options;
  const nodes = createInt32List();
  const labels = createInt32List();
  const splits = createInt32List();
  const texts = new Map<string, number>();
  const seen = new Set<number>();

  function problemOf(node: number, fields: readonly string[]): LineProblem | undefined {
    const [nodeText, label, split] = fields;
    const refuse = (column: string, message: string, value: string, allowed: string) => ({
      column,
      message,
      value,
      allowed,
    });
    if (node < 0) return refuse('node', 'not a node number', nodeText, `0..${MAX_NODES - 1}`);
    if (seen.has(node)) {
      return refuse('node', 'a second label for the node', nodeText, 'one line per node');
    }
    if (!SPLITS.has(split)) {
      return refuse('split', 'unknown split', split, 'train, val, validation, test, none');
    }
    if (!isKnown(label) && SPLITS.get(split) !== NO_SPLIT) {
      return refuse('label', `a ${split} node without label`, label, 'a label');
    }
    if (label.length > MAX_CLASS_NAME_CHARACTERS) {
      const allowed = `at most ${MAX_CLASS_NAME_CHARACTERS} characters`;
      return refuse('label', 'the label is too long', label, allowed);
    }
    if (isKnown(label) && !texts.has(label) && texts.size === MAX_CLASSES) {
      return refuse('label', 'too many classes', label, `at most ${MAX_CLASSES} different labels`);
    }
    return undefined;
  }

  function onRow(row: readonly string[], line: number): void {
    const fields = row.map((field) => field.trim());
    const node = parseNode(fields[0], MAX_NODES);
    const problem = problemOf(node, fields);
    if (problem !== undefined) {
      reportLine(issues, name, line, problem);
      return;
    }
    const [, label, split] = fields;
    const known = isKnown(label);
    if (known && !texts.has(label)) texts.set(label, texts.size);
    seen.add(node);
    nodes.push(node);
    labels.push(known ? texts.get(label)! : -1);
    splits.push(SPLITS.get(split)!);
  }

  const columns = ['node', 'label'];
  await readTable({ ...options, columns, optionalColumns: ['split'], onRow });
  return {
    nodes: nodes.view(),
    labels: labels.view(),
    splits: splits.view(),
    texts: [...texts.keys()],
  };
}
