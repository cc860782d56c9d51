// A seeded random graph of a given size: what a data set of that size costs, without the set.
import { createRandom } from '@dandan/shared/random';
import {
  buildAdjacency,
  type GraphData,
  hashGraph,
  type NodeFeatures,
  type Split,
} from '../../trainer/graph/index.ts';

export interface RandomGraphSize {
  readonly nodes: number;
  /** Undirected edges to draw; the few drawn twice are merged. */
  readonly edges: number;
  /** Dense feature columns. */
  readonly width: number;
  readonly classes: number;
  /** Shares of the nodes with labels to train, validate and test on; the rest calibrates. */
  readonly shares: { readonly train: number; readonly validation: number; readonly test: number };
}

export interface RandomGraphOptions extends RandomGraphSize {
  readonly name: string;
  readonly seed: number;
  /**
   * How far a node's own columns are moved, in deviations: an MLP learns some of it, a
   * neighbourhood nearly all. @default {1}
   */
  readonly classShift?: number;
}

export interface RandomGraph {
  readonly graph: GraphData;
  readonly split: Split;
}

/** Share of edges drawn within a class: about that of citation graphs, so that there is something to learn. */
const HOMOPHILY = 0.65;

/** A uniform number has a deviation of 1/√12; times √12 it has 1. Far cheaper than normals: 240 M are drawn for the largest graph. */
const UNIFORM_SCALE = Math.sqrt(12);

/**
 * Draws both ends of every edge uniformly, `HOMOPHILY` of them within a class. Uniform ends
 * are the hardest case for a cache: neighbours lie anywhere in memory.
 */
function drawEdges({ nodes, edges, classes, seed }: RandomGraphOptions) {
  const random = createRandom(seed).fork('edges');
  const sources = new Int32Array(edges);
  const targets = new Int32Array(edges);
  // Nodes of class c are c, c + classes, c + 2 · classes, …
  const perClass = Math.floor(nodes / classes);
  for (let e = 0; e < edges; e++) {
    const source = random.below(nodes);
    sources[e] = source;
    targets[e] =
      random.next() < HOMOPHILY
        ? (source % classes) + classes * random.below(perClass)
        : random.below(nodes);
  }
  return { nodeCount: nodes, sources, targets };
}

function drawFeatures({
  nodes,
  width,
  classes,
  seed,
  classShift = 1,
}: RandomGraphOptions): NodeFeatures {
  const random = createRandom(seed).fork('features');
  const values = new Float32Array(nodes * width);
  for (let node = 0; node < nodes; node++) {
    for (let j = 0; j < width; j++) {
      const own = j % classes === node % classes;
      values[node * width + j] = UNIFORM_SCALE * (random.next() - 0.5) + (own ? classShift : 0);
    }
  }
  return { kind: 'dense', rows: { count: nodes, width, values } };
}

function drawSplit({ nodes, shares, seed }: RandomGraphOptions): Split {
  const random = createRandom(seed).fork('split');
  const ends = [
    shares.train,
    shares.train + shares.validation,
    shares.train + shares.validation + shares.test,
  ];
  const setOf = Uint8Array.from({ length: nodes }, () => {
    const draw = random.next();
    return ends.filter((end) => draw >= end).length;
  });
  const members = (set: number) => {
    const all = new Int32Array(setOf.reduce((count, each) => count + (each === set ? 1 : 0), 0));
    let at = 0;
    for (let node = 0; node < nodes; node++) if (setOf[node] === set) all[at++] = node;
    return all;
  };
  return { train: members(0), validation: members(1), test: members(2), unlabelled: members(3) };
}

/** The same options give the same graph, bit for bit. Degrees are alike, not skewed as in real graphs. */
export function createRandomGraph(options: RandomGraphOptions): RandomGraph {
  const { name, nodes, width, classes } = options;
  const { adjacency } = buildAdjacency(drawEdges(options));
  const content = {
    classes: Array.from({ length: classes }, (_, c) => `class-${c}`),
    featureSpec: { kind: 'table', columns: width } as const,
    features: drawFeatures(options),
    adjacency,
    labels: Int32Array.from({ length: nodes }, (_, node) => node % classes),
  };
  const split = drawSplit(options);
  return { graph: { name, ...content, publicSplit: split, sha256: hashGraph(content) }, split };
}
