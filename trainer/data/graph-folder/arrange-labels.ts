// Label lines in file order → labels and split codes in node order.
import type { LabelLines } from './read-labels.ts';

/** A node without a line has neither label (−1) nor split (0). */
export function arrangeLabels(lines: LabelLines, nodeCount: number) {
  const labels = new Int32Array(nodeCount).fill(-1);
  const splits = new Int32Array(nodeCount);
  lines.nodes.forEach((node, i) => {
    labels[node] = lines.labels[i];
    splits[node] = lines.splits[i];
  });
  return { labels, splits };
}
