// A seeded graph of class clusters for tests: features and edges both say something
// about the class, neither says all.
import { createRandom } from '@dandan/shared/random';
import { buildAdjacency } from '../graph/build-adjacency.ts';
import type { GraphData, NodeFeatures, Split } from '../graph/graph-data.ts';
import { hashGraph } from '../graph/hash-graph.ts';

export interface ClusterGraphOptions {
  /** @default {1} */
  readonly seed?: number;
  /** @default {3} */
  readonly classes?: number;
  /** Nodes per class. @default {40} */
  readonly perClass?: number;
  /** Columns. @default {24} */
  readonly width?: number;
  /** @default {'sparse'} */
  readonly kind?: 'dense' | 'sparse';
}

export interface ClusterGraph {
  readonly graph: GraphData;
  readonly split: Split;
}

/** Edges drawn per node, nine in ten of them within the class. */
const EDGES_PER_NODE = 3;
/** Shares of each class for train, validation and test; the rest is unlabelled. */
const SHARES = { train: 0.2, validation: 0.4, test: 0.7 };

export function createClusterGraph(options: ClusterGraphOptions = {}): ClusterGraph {
  const { seed = 1, classes = 3, perClass = 40, width = 24, kind = 'sparse' } = options;
  const random = createRandom(seed).fork('cluster graph');
  const nodeCount = classes * perClass;
  const labels = Int32Array.from({ length: nodeCount }, (_, node) => node % classes);
  const dense = new Float32Array(nodeCount * width);
  const offsets = new Int32Array(nodeCount + 1);
  const indices: number[] = [];
  for (let node = 0; node < nodeCount; node++) {
    for (let j = 0; j < width; j++) {
      const own = j % classes === labels[node];
      dense[node * width + j] = random.normal() + (own ? 0.7 : 0);
      if (random.next() < (own ? 0.35 : 0.15)) indices.push(j);
    }
    offsets[node + 1] = indices.length;
  }
  const sources: number[] = [];
  const targets: number[] = [];
  for (let node = 0; node < nodeCount; node++) {
    for (let e = 0; e < EDGES_PER_NODE; e++) {
      const sameClass = random.next() < 0.9;
      sources.push(node);
      targets.push(
        sameClass ? labels[node] + classes * random.below(perClass) : random.below(nodeCount),
      );
    }
  }
  const { adjacency } = buildAdjacency({
    nodeCount,
    sources: Int32Array.from(sources),
    targets: Int32Array.from(targets),
  });
  const values = new Float32Array(indices.length).fill(1);
  const size = { count: nodeCount, width };
  const features: NodeFeatures =
    kind === 'dense'
      ? { kind, rows: { ...size, values: dense } }
      : { kind, rows: { ...size, offsets, indices: Int32Array.from(indices), values } };
  const nodes = Int32Array.from({ length: nodeCount }, (_, node) => node);
  const between = (from: number, to: number) =>
    nodes.filter((node) => {
      const rank = Math.floor(node / classes) / perClass;
      return rank >= from && rank < to;
    });
  const split: Split = {
    train: between(0, SHARES.train),
    validation: between(SHARES.train, SHARES.validation),
    test: between(SHARES.validation, SHARES.test),
    unlabelled: between(SHARES.test, 1),
  };
  const content = {
    classes: Array.from({ length: classes }, (_, c) => `class-${c}`),
    featureSpec: { kind: 'table', columns: width } as const,
    features,
    adjacency,
    labels,
  };
  const sha256 = hashGraph(content);
  return { graph: { name: 'clusters', ...content, publicSplit: split, sha256 }, split };
}
