// Symmetric GCN normalisation, folded into row scalings around an unweighted product.
import type { SparsePattern } from '../autodiff/index.ts';
import type { Adjacency } from './graph-data.ts';
import { rowOfEntries } from './row-of-entries.ts';

export interface NormalisedAdjacency {
  /** Pattern of A + I, without values. */
  readonly pattern: SparsePattern;
  /** float32 [N]: (degree + 1)^−½. Â = diag(s) (A + I) diag(s) (Kipf & Welling 2017, Eq. 2). */
  readonly scaling: Float32Array;
}

export function normaliseAdjacency({
  nodeCount,
  offsets,
  indices,
}: Adjacency): NormalisedAdjacency {
  const edges = indices.length;
  const rowOf = new Int32Array(edges + nodeCount);
  const columnOf = new Int32Array(edges + nodeCount);
  rowOf.set(rowOfEntries(offsets));
  columnOf.set(indices);
  const scaling = new Float32Array(nodeCount);
  for (let i = 0; i < nodeCount; i++) {
    rowOf[edges + i] = i;
    columnOf[edges + i] = i;
    scaling[i] = 1 / Math.sqrt(offsets[i + 1] - offsets[i] + 1);
  }
  return { pattern: { rows: nodeCount, columns: nodeCount, rowOf, columnOf }, scaling };
}
