// What a reader mended or assumed, in words.
import type { ReadCounts } from './graph-folder/read-graph-folder.ts';

/** One sentence per thing that was mended or assumed; empty for a clean folder. */
export function readNotes(counts: ReadCounts): string[] {
  const { selfLoops, duplicateEdges, nodesWithoutLabelLine, nodesWithoutFeatureLine } = counts;
  const sentences: [number, string][] = [
    [selfLoops, 'edges join a node with itself; they were dropped.'],
    [duplicateEdges, 'edges repeat another in the same or the other direction; they were merged.'],
    [nodesWithoutLabelLine, 'nodes are not in labels.csv; they count as unlabelled.'],
    [nodesWithoutFeatureLine, 'nodes are not in features.csv; their rows are all zero.'],
  ];
  return sentences.filter(([count]) => count > 0).map(([count, text]) => `${count} ${text}`);
}
