// The edges of a history: along the line, along time, and between windows that are alike.
import type { FloatRows } from '@dandan/shared/kernel';
import type { Adjacency, NodePlaces } from '../../graph/graph-data.ts';
import type { GraphChoices } from '../project/index.ts';
import { overlappingWindows, windowLines } from '../window-lines.ts';
import { adjacencyOf, createEdgePairs } from './edge-pairs.ts';
import { type PlaceEdgesOptions, placePairs } from './place-edges.ts';
import { scaledRows } from './scaled-rows.ts';
import { similarEdges } from './similar-edges.ts';
import { timeLags } from './time-edges.ts';

export const EDGE_KINDS = ['topology', 'time', 'similar'] as const;

export type EdgeKind = (typeof EDGE_KINDS)[number];

export interface HistoryEdgesOptions extends PlaceEdgesOptions {
  /** Machines of one `kinds` entry may be alike; one without a kind is like itself alone. */
  readonly places: NodePlaces;
  readonly graph: GraphChoices;
  /** float32 [nodes, columns], NaN where missing; similarity is measured on them. */
  readonly features: FloatRows;
  /**
   * Columns that similarity is measured on, from the first on: positions, which stand at the end,
   * say where a machine is and not how it is. @default {all}
   */
  readonly columns?: number | undefined;
  /**
   * Nodes that training must not see. They set no scales, and no similar edge joins one of them to
   * another node. @default {none, as in the setting `tran`}
   */
  readonly unseen?: Int32Array | undefined;
  /** Fixes what the search among many windows finds. */
  readonly seed: number;
  /** Share of the windows that have been compared, 0..1. */
  onProgress?(share: number): void;
  readonly signal?: AbortSignal | undefined;
}

export interface HistoryEdges {
  readonly adjacency: Adjacency;
  /** Undirected edges of each kind; one that is of two kinds counts for both. */
  readonly counts: Readonly<Record<EdgeKind, number>>;
}

/**
 * Edges along the line and in time stay within a run, but may join `unseen` nodes to others where
 * a run is divided: training drops those itself (`withoutHiddenEdges`), and an honest evaluation
 * of the teacher needs them.
 *
 * @throws the signal's reason when aborted.
 */
export async function historyEdges(options: HistoryEdgesOptions): Promise<HistoryEdges> {
  const { places, spec, graph, features, seed, signal, onProgress } = options;
  const { columns = features.width, unseen: hidden = new Int32Array(0) } = options;
  const nodeCount = places.time.length;
  const lines = windowLines(places);
  const unseen = new Uint8Array(nodeCount);
  for (const node of hidden) unseen[node] = 1;
  const seen = Int32Array.from({ length: nodeCount }, (_, node) => node);
  const common = { places, spec, lines };
  const pairs = {
    ...placePairs(options, lines),
    similar:
      graph.similar > 0
        ? await similarEdges({
            ...common,
            rows: scaledRows({
              rows: features,
              columns,
              nodes: seen.filter((node) => unseen[node] === 0),
            }),
            neighbours: graph.similar,
            apart: Math.max(overlappingWindows(spec), ...timeLags(graph.time)),
            unseen,
            seed,
            signal,
            ...(onProgress && { onProgress }),
          })
        : createEdgePairs(),
  };
  const edges = (kind: EdgeKind) => adjacencyOf(nodeCount, [pairs[kind]]).edges;
  const { adjacency } = adjacencyOf(nodeCount, Object.values(pairs));
  return {
    adjacency,
    counts: { topology: edges('topology'), time: edges('time'), similar: edges('similar') },
  };
}
