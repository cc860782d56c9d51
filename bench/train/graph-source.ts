// Where a case's graph comes from, as plain data that travels to another process.
import { loadData } from '../../trainer/data/load-data.ts';
import type { GraphData, Split } from '../../trainer/graph/index.ts';
import { createRandomGraph, type RandomGraphOptions } from './random-graph.ts';

export type GraphSource =
  | { readonly kind: 'folder'; readonly dir: string; readonly seed: number }
  | { readonly kind: 'random'; readonly options: RandomGraphOptions };

export interface LoadedGraph {
  readonly graph: GraphData;
  readonly split: Split;
  readonly splitName: string;
}

/** The public split where the data has one, else random 20/30. */
export async function openGraph(source: GraphSource): Promise<LoadedGraph> {
  if (source.kind === 'folder') return loadData({ data: source.dir, seed: source.seed });
  return { ...createRandomGraph(source.options), splitName: 'random' };
}
