// What a graph looks like before anybody trains on it, and whether its edges are
// likely to help.
import type { Adjacency, GraphData } from './graph-data.ts';

/**
 * Below this adjusted homophily neighbours say little about a node's class: the sets
 * that the literature calls heterophilous (arXiv 2302.11640) stay below 0.15, the
 * usual citation and co-purchase graphs lie above 0.5.
 */
const WEAK_HOMOPHILY = 0.15;

/**
 * Above this part of labelled training nodes a classifier of the features alone has
 * most of what there is to learn; the field's protocols label 0.3 to 14 %.
 */
const PLENTIFUL_LABELS = 0.5;

/** Above this part of isolated nodes the edges reach too few to matter for most. */
const MANY_ISOLATED = 0.5;

/** Above this share of one class, accuracy says little: always answering it gets as far. */
const DOMINANT_CLASS = 0.9;

export interface GraphStatistics {
  readonly nodes: number;
  /** Undirected, each once, without self-loops. */
  readonly edges: number;
  /** Neighbours per node, mean. */
  readonly meanDegree: number;
  /** Nodes without a neighbour. */
  readonly isolated: number;
  readonly features: {
    readonly kind: 'dense' | 'sparse';
    readonly columns: number;
    /** Values that are not 0 and not missing, mean per node. */
    readonly meanNonZeros: number;
    /** Part of all values that are not 0 and not missing. */
    readonly density: number;
    /** Values that are missing (NaN). */
    readonly missing: number;
  };
  /** Labelled nodes per class, in class order. */
  readonly classSizes: readonly number[];
  /** Part of the labelled nodes that are of the largest class; 0 without labels. */
  readonly largestClassShare: number;
  readonly withoutLabel: number;
  /** Nodes per set of the split the data came with; `undefined` where it has none. */
  readonly split:
    | Readonly<Record<'train' | 'validation' | 'test' | 'unlabelled', number>>
    | undefined;
  /** Part of the nodes in the training set; 0 without a split. */
  readonly labelRate: number;
  /** Part of the edges between labelled nodes that join equal classes; `undefined` without such edges. */
  readonly edgeHomophily: number | undefined;
  /**
   * Edge homophily less what chance gives: (h − Σ_c D_c²/(2E)²) / (1 − Σ_c D_c²/(2E)²),
   * D_c the degrees of class c (Platonov et al., arXiv 2209.06177). 0 is chance, 1 perfect.
   */
  readonly adjustedHomophily: number | undefined;
  /** In words, whether the graph is likely to help; empty where nothing speaks against it. */
  readonly doubts: readonly string[];
}

function homophily(adjacency: Adjacency, labels: Int32Array, classes: number) {
  const { offsets, indices, nodeCount } = adjacency;
  const degrees = new Float64Array(classes);
  let ends = 0;
  let equal = 0;
  for (let node = 0; node < nodeCount; node++) {
    if (labels[node] < 0) continue;
    for (let e = offsets[node]; e < offsets[node + 1]; e++) {
      const neighbour = labels[indices[e]];
      if (neighbour < 0) continue;
      ends++;
      degrees[labels[node]]++;
      if (neighbour === labels[node]) equal++;
    }
  }
  if (ends === 0) return { edgeHomophily: undefined, adjustedHomophily: undefined };
  const chance = degrees.reduce((sum, degree) => sum + (degree / ends) ** 2, 0);
  const edgeHomophily = equal / ends;
  const adjustedHomophily = chance === 1 ? undefined : (edgeHomophily - chance) / (1 - chance);
  return { edgeHomophily, adjustedHomophily };
}

function describeFeatures({ features, adjacency }: GraphData): GraphStatistics['features'] {
  const { values, width } = features.rows;
  let nonZeros = 0;
  let missing = 0;
  for (const value of values) {
    if (Number.isNaN(value)) missing++;
    else if (value !== 0) nonZeros++;
  }
  return {
    kind: features.kind,
    columns: width,
    meanNonZeros: nonZeros / adjacency.nodeCount,
    density: nonZeros / (adjacency.nodeCount * width),
    missing,
  };
}

const inPercent = (part: number) => `${Math.round(100 * part)} %`;

function doubtsOf(statistics: Omit<GraphStatistics, 'doubts'>): string[] {
  const { nodes, edges, isolated, adjustedHomophily, labelRate, largestClassShare } = statistics;
  const doubts: string[] = [];
  if (edges === 0) doubts.push('There are no edges: the graph cannot help.');
  else if (isolated > MANY_ISOLATED * nodes) {
    doubts.push('More than half of the nodes have no neighbour: the graph helps the rest at most.');
  }
  if (adjustedHomophily !== undefined && adjustedHomophily < WEAK_HOMOPHILY) {
    doubts.push(
      `Neighbours rarely share a class (adjusted homophily ${adjustedHomophily.toFixed(2)}, chance is 0): the graph is unlikely to help.`,
    );
  }
  if (labelRate > PLENTIFUL_LABELS) {
    doubts.push(
      `Labels are plentiful (${inPercent(labelRate)} of the nodes are for training): a plain MLP may learn as much from them without the graph; compare the two.`,
    );
  }
  if (largestClassShare > DOMINANT_CLASS) {
    doubts.push(
      `${inPercent(largestClassShare)} of the labelled nodes are of one class: accuracy says little here.`,
    );
  }
  return doubts;
}

/** Counts nodes, edges, classes and homophily. Reads all labels there are, whatever their split. */
export function graphStatistics(graph: GraphData): GraphStatistics {
  const { adjacency, labels, classes, publicSplit } = graph;
  const { nodeCount, offsets, indices } = adjacency;
  let isolated = 0;
  for (let node = 0; node < nodeCount; node++) {
    if (offsets[node + 1] === offsets[node]) isolated++;
  }
  const classSizes = classes.map(() => 0);
  let withoutLabel = 0;
  for (const label of labels) {
    if (label < 0) withoutLabel++;
    else classSizes[label]++;
  }
  const statistics = {
    nodes: nodeCount,
    edges: indices.length / 2,
    meanDegree: indices.length / nodeCount,
    isolated,
    features: describeFeatures(graph),
    classSizes,
    largestClassShare: Math.max(0, ...classSizes) / Math.max(1, nodeCount - withoutLabel),
    withoutLabel,
    split: publicSplit && {
      train: publicSplit.train.length,
      validation: publicSplit.validation.length,
      test: publicSplit.test.length,
      unlabelled: publicSplit.unlabelled.length,
    },
    labelRate: (publicSplit?.train.length ?? 0) / nodeCount,
    ...homophily(adjacency, labels, classes.length),
  };
  return { ...statistics, doubts: doubtsOf(statistics) };
}
