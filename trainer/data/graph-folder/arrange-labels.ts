// Label lines in file order → labels and split in node order.
import type { Split } from '../../graph/graph-data.ts';
import { type LabelLines, NO_SPLIT, TEST, TRAIN, VALIDATION } from './read-labels.ts';

function nodesOf(splits: Int32Array, code: number): Int32Array {
  const nodes: number[] = [];
  splits.forEach((split, node) => {
    if (split === code) nodes.push(node);
  });
  return Int32Array.from(nodes);
}

function publicSplitOf(splits: Int32Array): Split | undefined {
  const train = nodesOf(splits, TRAIN);
  if (train.length === 0) return undefined;
  return {
    train,
    validation: nodesOf(splits, VALIDATION),
    test: nodesOf(splits, TEST),
    unlabelled: nodesOf(splits, NO_SPLIT),
  };
}

export interface ArrangedLabels {
  /** int32 [nodes], −1 where unknown. */
  readonly labels: Int32Array;
  /** `undefined` when no node is marked for training. */
  readonly publicSplit: Split | undefined;
}

/** Labels and split in node order; a node without a line has neither. */
export function arrangeLabels(options: {
  readonly lines: LabelLines;
  readonly nodeCount: number;
  /** Class number of each of `lines.texts`. */
  readonly classOf: readonly number[];
}): ArrangedLabels {
  const { lines, nodeCount, classOf } = options;
  const labels = new Int32Array(nodeCount).fill(-1);
  const splits = new Int32Array(nodeCount);
  lines.nodes.forEach((node, i) => {
    if (lines.labels[i] >= 0) labels[node] = classOf[lines.labels[i]];
    splits[node] = lines.splits[i];
  });
  return { labels, publicSplit: publicSplitOf(splits) };
}
