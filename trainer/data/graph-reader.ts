// What every reader of a graph layout is: a way to recognise the layout, and a way
// to read it. One contract suite runs on all of them.
import type { GraphData } from '../graph/graph-data.ts';
import type { IssueCollector } from './issues.ts';

export type LayoutName = 'graph-folder' | 'npz' | 'ogb' | 'table';

/** What lies at a path, as far as it takes to recognise a layout. */
export interface Place {
  readonly path: string;
  /** `file`, or the names in the folder; those of its folder `raw` read `raw/edge.csv`. */
  readonly content: 'file' | ReadonlySet<string>;
}

export interface ReadGraphOptions {
  /** A file or a folder of the reader's layout. */
  readonly path: string;
  /** Where problems go; where it returns, the reader leaves the odd part out and goes on. */
  readonly issues: IssueCollector;
  readonly signal?: AbortSignal | undefined;
}

/** What was mended on the way. */
export interface ReadCounts {
  /** Pairs of a node with itself, dropped. */
  readonly selfLoops: number;
  /** Pairs that repeat another in the same direction, dropped. */
  readonly duplicateEdges: number;
  /** Edges given in both directions; each counts once. */
  readonly reciprocalEdges: number;
}

export interface ReadGraph {
  readonly graph: GraphData;
  readonly counts: ReadCounts;
  /** What the layout left open and the reader assumed, in words. */
  readonly notes: readonly string[];
}

export interface GraphReader {
  readonly layout: LayoutName;
  /** The layout in words, for people and for errors. */
  readonly title: string;
  detect(place: Place): boolean;
  /** @returns `undefined` only when `issues` took a problem after which there is no graph. */
  read(options: ReadGraphOptions): Promise<ReadGraph | undefined>;
}
