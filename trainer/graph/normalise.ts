// Normalised adjacency matrices, folded into row scalings around an unweighted product.
import type { SparsePattern } from '../autodiff/index.ts';
import type { Adjacency } from './graph-data.ts';
import { rowOfEntries } from './row-of-entries.ts';
import { selfLoopPattern } from './self-loops.ts';

export interface NormalisedAdjacency {
  /** Without values. */
  readonly pattern: SparsePattern;
  /** float32 [N]. */
  readonly scaling: Float32Array;
}

const scalingBy = ({ nodeCount, offsets }: Adjacency, of: (degree: number) => number) =>
  Float32Array.from({ length: nodeCount }, (_, i) => of(offsets[i + 1] - offsets[i]));

/** Â = diag(s) (A + I) diag(s) with s = (degree + 1)^−½ (Kipf & Welling 2017, Eq. 2). */
export const normaliseAdjacency = (adjacency: Adjacency): NormalisedAdjacency => ({
  pattern: selfLoopPattern(adjacency),
  scaling: scalingBy(adjacency, (degree) => 1 / Math.sqrt(degree + 1)),
});

/** diag(s) A with s = 1 / degree: the mean over the neighbours, 0 for a node without any. */
export const averageNeighbours = (adjacency: Adjacency): NormalisedAdjacency => ({
  pattern: {
    rows: adjacency.nodeCount,
    columns: adjacency.nodeCount,
    rowOf: rowOfEntries(adjacency.offsets),
    columnOf: adjacency.indices,
  },
  scaling: scalingBy(adjacency, (degree) => 1 / Math.max(1, degree)),
});
