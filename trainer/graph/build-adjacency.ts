// Edge list → symmetric CSR adjacency, in time proportional to the edges.
import type { Adjacency } from './graph-data.ts';

export interface EdgeList {
  readonly nodeCount: number;
  /** Node pairs in any direction and order, each end in 0..nodeCount−1. */
  readonly sources: Int32Array;
  readonly targets: Int32Array;
}

export interface BuiltAdjacency {
  readonly adjacency: Adjacency;
  /** Undirected edges that remain. */
  readonly edges: number;
  /** Pairs of a node with itself, dropped. */
  readonly selfLoops: number;
  /** Pairs that repeat an earlier one in either direction, dropped. */
  readonly duplicates: number;
}

/** Start of each bucket when `keys` are counted into `buckets`. */
function bucketStarts(keys: Int32Array, buckets: number): Int32Array {
  const starts = new Int32Array(buckets + 1);
  for (const key of keys) starts[key + 1]++;
  for (let b = 0; b < buckets; b++) starts[b + 1] += starts[b];
  return starts;
}

/** Both directions of every pair that is no self-loop. */
function directed({ sources, targets }: EdgeList, selfLoops: number): [Int32Array, Int32Array] {
  const from = new Int32Array(2 * (sources.length - selfLoops));
  const to = new Int32Array(from.length);
  let count = 0;
  for (let e = 0; e < sources.length; e++) {
    if (sources[e] === targets[e]) continue;
    from[count] = sources[e];
    to[count++] = targets[e];
    from[count] = targets[e];
    to[count++] = sources[e];
  }
  return [from, to];
}

/** Builds the adjacency: symmetric, rows ascending, no self-loops, no duplicates. */
export function buildAdjacency(list: EdgeList): BuiltAdjacency {
  const { nodeCount, sources, targets } = list;
  let selfLoops = 0;
  for (let e = 0; e < sources.length; e++) if (sources[e] === targets[e]) selfLoops++;
  const [from, to] = directed(list, selfLoops);
  // Two stable counting sorts (by neighbour, then by node) leave every row ascending.
  const byNeighbour = new Int32Array(from.length);
  const neighbourNext = bucketStarts(to, nodeCount);
  for (let e = 0; e < to.length; e++) byNeighbour[neighbourNext[to[e]]++] = e;
  const next = bucketStarts(from, nodeCount);
  const sorted = new Int32Array(from.length);
  for (const e of byNeighbour) sorted[next[from[e]]++] = to[e];
  // `next` now holds the end of every row of `sorted`.
  const offsets = new Int32Array(nodeCount + 1);
  let kept = 0;
  for (let node = 0; node < nodeCount; node++) {
    for (let e = node === 0 ? 0 : next[node - 1]; e < next[node]; e++) {
      if (kept > offsets[node] && sorted[kept - 1] === sorted[e]) continue;
      sorted[kept++] = sorted[e];
    }
    offsets[node + 1] = kept;
  }
  return {
    adjacency: { nodeCount, offsets, indices: sorted.slice(0, kept) },
    edges: kept / 2,
    selfLoops,
    duplicates: (from.length - kept) / 2,
  };
}
