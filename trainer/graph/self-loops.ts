// A + I as a sparse pattern: every node is its own neighbour, as GCN and GAT want it.
import type { SparsePattern } from '../autodiff/index.ts';
import type { Adjacency } from './graph-data.ts';

/** Pattern of A + I; entries by row and, within a row, by column. */
export function selfLoopPattern({ nodeCount, offsets, indices }: Adjacency): SparsePattern {
  const entries = indices.length + nodeCount;
  const rowOf = new Int32Array(entries);
  const columnOf = new Int32Array(entries);
  let at = 0;
  for (let i = 0; i < nodeCount; i++) {
    rowOf.fill(i, at, at + offsets[i + 1] - offsets[i] + 1);
    let e = offsets[i];
    while (e < offsets[i + 1] && indices[e] < i) columnOf[at++] = indices[e++];
    columnOf[at++] = i;
    while (e < offsets[i + 1]) columnOf[at++] = indices[e++];
  }
  return { rows: nodeCount, columns: nodeCount, rowOf, columnOf };
}
