// What a reader mended or assumed, in words.
import type { ReadGraph } from './graph-reader.ts';

/** One sentence per thing that was mended or assumed; empty for clean data. */
export function readNotes({ counts, notes }: ReadGraph): string[] {
  const { selfLoops, duplicateEdges, reciprocalEdges } = counts;
  const sentences: [number, string][] = [
    [selfLoops, 'edges join a node with itself; they were dropped.'],
    [duplicateEdges, 'edges repeat another in the same direction; they were merged.'],
    [reciprocalEdges, 'edges are given in both directions; each counts once.'],
  ];
  const mended = sentences.filter(([count]) => count > 0);
  return [...mended.map(([count, text]) => `${count} ${text}`), ...notes];
}
