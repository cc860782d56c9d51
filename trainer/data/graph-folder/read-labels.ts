// labels.csv: class and split of each node.
import { type LineProblem, reportLine } from '../issues.ts';
import { createLabelTexts } from '../label-texts.ts';
import { MAX_NODES } from '../limits.ts';
import { createInt32List } from '../number-list.ts';
import { parseNode } from '../text/parse-node.ts';
import { readTable } from '../text/read-table.ts';
import type { ReadOptions } from './read-features.ts';

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

/** Reads `node,label[,split]`; a label that is empty or −1 is unknown. */
export async function readLabels(options: ReadOptions): Promise<LabelLines> {
  const { name, issues } = options;
  const nodes = createInt32List();
  const labels = createInt32List();
  const splits = createInt32List();
  const labelTexts = createLabelTexts();
  const seen = new Set<number>();

  /** Appends a line, or says what is wrong with it. */
  function append(nodeText: string, label: string, split: string): LineProblem | undefined {
    const node = parseNode(nodeText, MAX_NODES);
    if (node < 0 || seen.has(node)) {
      return {
        column: 'node',
        message: node < 0 ? 'not a node number' : 'a second label for the node',
        value: nodeText,
        allowed: node < 0 ? `0..${MAX_NODES - 1}` : 'one line per node',
      };
    }
    const read = labelTexts.read(label, split);
    if (read.kind === 'refused') return read.problem;
    seen.add(node);
    nodes.push(node);
    labels.push(read.label);
    splits.push(read.split);
    return undefined;
  }

  function onRow(fields: readonly string[], line: number): void {
    const [node, label, split] = fields.map((field) => field.trim());
    const problem = append(node, label, split);
    if (problem !== undefined) reportLine(issues, name, line, problem);
  }

  const columns = ['node', 'label'];
  await readTable({ ...options, columns, optionalColumns: ['split'], onRow });
  return {
    nodes: nodes.view(),
    labels: labels.view(),
    splits: splits.view(),
    texts: labelTexts.texts,
  };
}
