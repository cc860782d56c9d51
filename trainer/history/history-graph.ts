// A plant's history as a graph to learn from: a node is one machine in one window.
import { rowWidth, type TelemetrySpec } from '@dandan/shared/features';
import type { FloatRows } from '@dandan/shared/kernel';
import type { GraphData, NodePlaces, Split } from '../graph/graph-data.ts';
import { hashGraph } from '../graph/hash-graph.ts';
import { type EdgeKind, historyEdges } from './edges/index.ts';
import { classNames, labelRows } from './labels/index.ts';
import type { GraphChoices, SplitChoices } from './project/index.ts';
import type { History } from './read-history.ts';
import { historyRows } from './rows/history-rows.ts';
import { historySplit, leakage } from './split/index.ts';
import type { Run } from './telemetry.ts';
import type { Topology } from './topology.ts';
import { windowPlaces } from './window-places.ts';

/** Rows with their places and labels, and what is to become of them: all that no seed changes. */
export interface HistoryNodes {
  readonly classes: readonly string[];
  /** The class in which nothing is wrong. */
  readonly normal: string;
  readonly spec: TelemetrySpec;
  readonly places: NodePlaces;
  /** float32 [nodes, columns], NaN where a channel was silent. */
  readonly features: FloatRows;
  /** int32 [nodes], −1 where nobody knows. */
  readonly labels: Int32Array;
  readonly topology: Topology;
  /** What the files say of each run of `places`. @default {nothing} */
  readonly runs?: readonly Run[] | undefined;
  readonly graph: GraphChoices;
  readonly split: SplitChoices;
}

export interface HistoryNodesOptions {
  readonly history: History;
  /** Share of the readings that have become rows, 0..1. */
  onProgress?(share: number): void;
  readonly signal?: AbortSignal | undefined;
}

export interface HistoryGraphOptions {
  readonly nodes: HistoryNodes;
  /** Name of the data in figures and reports. */
  readonly name: string;
  /** Fixes the split. */
  readonly seed: number;
  /** @default {those of the project} */
  readonly graph?: Partial<GraphChoices> | undefined;
  readonly split?: Partial<SplitChoices> | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface HistoryGraph {
  readonly graph: GraphData & { readonly publicSplit: Split; readonly places: NodePlaces };
  /** Undirected edges of each kind. */
  readonly edges: Readonly<Record<EdgeKind, number>>;
  /** int32 [nodes]: the run or stretch of time that each was dealt with. */
  readonly blocks: Int32Array;
  /** What is doubtful of the split, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Rows of all machines by the gateway's own assembler, with their labels.
 *
 * @throws the signal's reason when aborted.
 */
export async function historyNodes(options: HistoryNodesOptions): Promise<HistoryNodes> {
  const { history } = options;
  const { project, telemetry, intervals, spec } = history;
  const rows = await historyRows({ ...options, telemetry, spec });
  const width = rowWidth(spec);
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, node) => {
    values.set(row.values, node * width);
  });
  const classes = classNames(project, intervals);
  const labels = labelRows({
    rows: rows.map(({ asset, run, time }) => ({ asset, run: telemetry.runs[run].name, time })),
    intervals,
    classes,
    otherwise: project.labels.otherwise,
    marginMs: project.labels.marginMs,
  });
  return {
    classes,
    ...{ spec, labels, topology: history.topology, runs: telemetry.runs },
    places: {
      ...windowPlaces({ ...history, rows }),
      timeZone: project.timeZone,
      ...(classes.includes(project.normal) && { normal: project.normal }),
      ...(project.exclusive && { exclusive: project.exclusive }),
    },
    features: { count: rows.length, width, values },
    normal: project.normal,
    graph: project.graph,
    split: project.split,
  };
}

export interface JoinedGraphOptions
  extends Pick<
    HistoryNodes,
    'classes' | 'spec' | 'places' | 'features' | 'labels' | 'topology' | 'graph'
  > {
  readonly name: string;
  readonly split: Split;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The rows, joined by the edges asked for, with a split that is dealt already.
 *
 * @throws the signal's reason when aborted.
 */
export async function joinGraph(
  options: JoinedGraphOptions,
): Promise<Pick<HistoryGraph, 'graph' | 'edges'>> {
  const { name, classes, spec, places, features, labels, split } = options;
  const { adjacency, counts } = await historyEdges({
    ...options,
    columns: features.width - (spec.positions?.dimensions ?? 0),
    unseen: split.unseen,
  });
  const content = {
    classes,
    featureSpec: spec,
    features: { kind: 'dense', rows: features },
    adjacency,
    labels,
  } as const;
  const sha256 = hashGraph(content);
  return { graph: { name, ...content, publicSplit: split, places, sha256 }, edges: counts };
}

/**
 * Edges and split over the rows.
 *
 * @throws {InputError} `option-invalid`; `data-invalid` where labels are too few to learn from; the
 * signal's reason when aborted.
 */
export async function historyGraph(options: HistoryGraphOptions): Promise<HistoryGraph> {
  const { nodes, name, seed, signal } = options;
  const { split, blocks, notes } = historySplit({
    ...nodes,
    split: { ...nodes.split, ...options.split },
    seed,
  });
  const graph = { ...nodes.graph, ...options.graph };
  const joined = await joinGraph({ ...nodes, name, graph, split, seed, signal });
  const { warnings } = leakage({ split, places: nodes.places, spec: nodes.spec });
  return { ...joined, blocks, notes: [...notes, ...warnings] };
}
