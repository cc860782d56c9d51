// What the trainer learns from: one graph in memory, whatever file it came from.
import type { FeatureSpec } from '@dandan/shared/features';
import type { FloatRows, SparseFloatRows } from '@dandan/shared/kernel';

/** Neighbours in CSR form: row i lists the nodes adjacent to i. */
export interface Adjacency {
  readonly nodeCount: number;
  /** int32 [nodeCount + 1]. */
  readonly offsets: Int32Array;
  /** int32 [directed edges], ascending within a row, without self-loops or duplicates. */
  readonly indices: Int32Array;
}

export type NodeFeatures =
  | { readonly kind: 'dense'; readonly rows: FloatRows }
  | { readonly kind: 'sparse'; readonly rows: SparseFloatRows };

/** Disjoint node sets, each ascending. */
export interface Split {
  /** Labelled nodes the losses may read. */
  readonly train: Int32Array;
  /** Labelled nodes for early stopping and temperature. */
  readonly validation: Int32Array;
  /** Labelled nodes for the reported accuracies only. */
  readonly test: Int32Array;
  /** Nodes in none of the above: their labels are never read. They calibrate the thresholds. */
  readonly unlabelled: Int32Array;
  /**
   * Nodes of the above that training must not see, in any setting but `tran`: other runs or days
   * of a plant. They replace the share of the test nodes that `ind` would draw.
   */
  readonly unseen?: Int32Array;
}

/** Where in a plant's history the nodes lie: node = asset × window. */
export interface NodePlaces {
  readonly assets: readonly string[];
  /** Kind of machine of each asset, as the topology names it; `undefined` where it does not. */
  readonly kinds: readonly (string | undefined)[];
  /** Names of the runs: stretches of time that do not join, such as batches or files of a test rig. */
  readonly runs: readonly string[];
  /** int32 [nodeCount], positions in `assets`. */
  readonly asset: Int32Array;
  /** int32 [nodeCount], positions in `runs`. */
  readonly run: Int32Array;
  /** float64 [nodeCount], end of the window, milliseconds since the epoch. */
  readonly time: Float64Array;
  /** IANA zone of the plant's clocks, in which people are told times. @default {'UTC'} */
  readonly timeZone?: string | undefined;
  /** The class in which nothing is wrong, where the plant's owner names it. */
  readonly normal?: string | undefined;
  /** Lists of classes of which a machine is never in two, as its owner knows. @default {none} */
  readonly exclusive?: readonly (readonly string[])[] | undefined;
}

export interface GraphData {
  readonly name: string;
  readonly classes: readonly string[];
  readonly featureSpec: FeatureSpec;
  readonly features: NodeFeatures;
  readonly adjacency: Adjacency;
  /** int32 [nodeCount], −1 where unknown. */
  readonly labels: Int32Array;
  /** The split the data came with, if any. */
  readonly publicSplit: Split | undefined;
  /** Of a plant's history; graphs from elsewhere have none. */
  readonly places?: NodePlaces | undefined;
  /** SHA-256 over the canonical content, for the bundle's provenance. */
  readonly sha256: string;
}
