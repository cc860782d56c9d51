// A history whose edges are to be judged: everything but the edges.
import type { Split } from '../../graph/graph-data.ts';
import type { HistoryNodes } from '../../history/history-graph.ts';
import { historySplit } from '../../history/split/index.ts';

export interface EdgeHistory
  extends Pick<HistoryNodes, 'classes' | 'spec' | 'features' | 'labels' | 'places' | 'topology'> {
  readonly name: string;
  readonly split: Split;
}

/** @param seed of the labels that are given, and of what is held back. */
export function edgeHistory(name: string, nodes: HistoryNodes, seed: number): EdgeHistory {
  return { ...nodes, name, split: historySplit({ ...nodes, seed }).split };
}
