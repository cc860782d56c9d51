// Reads a graph from a .npz file in the layout that gnn-benchmark and many others
// ship: adj_*, attr_* and labels. See readNpz() for the arrays.
import { basename } from 'node:path';
import { InputError } from '@dandan/shared/error';
import type { EdgeList } from '../../graph/build-adjacency.ts';
import { assembleGraph } from '../assemble-graph.ts';
import type { GraphReader, ReadGraph, ReadGraphOptions } from '../graph-reader.ts';
import { MAX_EDGES, MAX_NODES } from '../limits.ts';
import { openNpz } from './open-npz.ts';
import { type CsrMatrix, readCsr } from './read-csr.ts';
import { readNpzFeatures } from './read-npz-features.ts';
import { readNpzLabels } from './read-npz-labels.ts';

/** Every entry that is not 0 is an edge, whatever its weight. */
function edgesOf({ rows, offsets, indices, values }: CsrMatrix): EdgeList {
  const sources = new Int32Array(indices.length);
  const targets = new Int32Array(indices.length);
  let count = 0;
  for (let node = 0; node < rows; node++) {
    for (let e = offsets[node]; e < offsets[node + 1]; e++) {
      if (values[e] === 0) continue;
      sources[count] = node;
      targets[count++] = indices[e];
    }
  }
  return {
    nodeCount: rows,
    sources: sources.subarray(0, count),
    targets: targets.subarray(0, count),
  };
}

async function readParts({ path, issues, signal }: ReadGraphOptions): Promise<ReadGraph> {
  const file = basename(path);
  await using npz = await openNpz({ path, file, signal });
  const limits = { rows: MAX_NODES, columns: MAX_NODES, entries: MAX_EDGES };
  const adjacency = await readCsr(npz, 'adj', limits);
  const { rows: nodeCount, columns } = adjacency;
  if (columns !== nodeCount) {
    throw new InputError('data-invalid', `${file}: adj is not square`, {
      field: `${file}:adj_shape[1]`,
      value: columns,
      allowed: `${nodeCount}`,
    });
  }
  const { notes, ...labels } = await readNpzLabels(npz, nodeCount);
  const weighted = adjacency.values.some((value) => value !== 0 && value !== 1);
  const parts = {
    name: file.replace(/\.npz$/i, ''),
    edges: edgesOf(adjacency),
    ...(await readNpzFeatures(npz, nodeCount)),
    ...labels,
    notes: weighted ? [...notes, 'Edge weights (adj_data) are not used.'] : notes,
  };
  return assembleGraph(parts, issues);
}

/**
 * Reads a `.npz` graph, stored or deflated, numbers of any width and byte order.
 *
 * - `adj_indices`, `adj_indptr`, `adj_shape` and optionally `adj_data`: a compressed
 *   sparse matrix; directed or symmetric, either way read as undirected.
 * - `attr_indices`, `attr_indptr`, `attr_shape`, `attr_data`, or dense `attr_matrix`.
 * - `labels`: class numbers (−1 unknown) or one-hot rows; or `labels_*` as a sparse matrix.
 * - `train_mask`, `val_mask`, `test_mask` and plain `class_names`: optional.
 *
 * Other arrays, pickled ones among them, are never opened. The first problem ends the
 * reading, since the arrays only make sense together; its field is `file:array[item]`.
 */
async function readNpz(options: ReadGraphOptions): Promise<ReadGraph | undefined> {
  const { issues } = options;
  try {
    return await readParts(options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { code, message, field = basename(options.path), value, allowed = '', cause } = error;
    issues.report({ code, message, field, value, allowed, cause });
    return undefined;
  }
}

export const npzReader: GraphReader = {
  layout: 'npz',
  title: 'a .npz file with adj_*, attr_* and labels',
  detect: ({ path, content }) => content === 'file' && /\.npz$/i.test(path),
  read: readNpz,
};
