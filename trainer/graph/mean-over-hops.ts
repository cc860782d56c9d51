// Pre-propagated features: what a student reads where whoever asks it knows the neighbours' x.
import type { FloatRows, SparseFloatRows } from '@dandan/shared/kernel';
import type { Adjacency, NodeFeatures } from './graph-data.ts';

export interface MeanOverHopsOptions {
  /** Without missing values. */
  readonly features: NodeFeatures;
  readonly adjacency: Adjacency;
  /** R, 0 or more. */
  readonly hops: number;
}

/** The nodes whose mean M takes for a node: its neighbours, or itself where it has none. */
function averaged({ offsets, indices }: Adjacency, node: number): Int32Array {
  const from = offsets[node];
  const to = offsets[node + 1];
  return from === to ? Int32Array.of(node) : indices.subarray(from, to);
}

/** X + M Y. */
function denseHop(x: FloatRows, y: Float32Array, adjacency: Adjacency): Float32Array<ArrayBuffer> {
  const { count, width } = x;
  const next = Float32Array.from(x.values);
  const sums = new Float64Array(width);
  for (let i = 0; i < count; i++) {
    const nodes = averaged(adjacency, i);
    sums.fill(0);
    for (const node of nodes) {
      for (let j = 0; j < width; j++) sums[j] += y[node * width + j];
    }
    for (let j = 0; j < width; j++) next[i * width + j] += sums[j] / nodes.length;
  }
  return next;
}

/** Sparse rows under construction. */
function rowBuilder(width: number) {
  const sums = new Float64Array(width);
  const touched = new Uint8Array(width);
  let columns: number[] = [];
  return {
    add(rows: SparseFloatRows, row: number, factor: number): void {
      for (let e = rows.offsets[row]; e < rows.offsets[row + 1]; e++) {
        const column = rows.indices[e];
        if (touched[column] === 0) columns.push(column);
        touched[column] = 1;
        sums[column] += factor * rows.values[e];
      }
    },
    /** The row so far, columns ascending; the next one starts empty. */
    take(): { indices: Int32Array; values: Float32Array } {
      const indices = Int32Array.from(columns).sort();
      const values = Float32Array.from(indices, (column) => sums[column]);
      for (const column of columns) sums[column] = touched[column] = 0;
      columns = [];
      return { indices, values };
    },
  };
}

/** X + M Y. */
function sparseHop(x: SparseFloatRows, y: SparseFloatRows, adjacency: Adjacency): SparseFloatRows {
  const { count, width } = x;
  const builder = rowBuilder(width);
  const offsets = new Int32Array(count + 1);
  const rows = Array.from({ length: count }, (_, i) => {
    const nodes = averaged(adjacency, i);
    builder.add(x, i, 1);
    for (const node of nodes) builder.add(y, node, 1 / nodes.length);
    const row = builder.take();
    offsets[i + 1] = offsets[i] + row.indices.length;
    return row;
  });
  const indices = new Int32Array(offsets[count]);
  const values = new Float32Array(offsets[count]);
  rows.forEach((row, i) => {
    indices.set(row.indices, offsets[i]);
    values.set(row.values, offsets[i]);
  });
  return { count, width, offsets, indices, values };
}

/**
 * mean(X, M X, …, M^R X) with M the mean over a node's neighbours, as in SIGN and SGC (Frasca et
 * al. 2020; Wu et al. 2019) but added up, so that rows stay as wide as X. By Horner's rule:
 * Y ← X + M Y, R times from Y = X.
 */
export function meanOverHops({ features, adjacency, hops }: MeanOverHopsOptions): NodeFeatures {
  if (hops === 0) return features;
  const scaled = (values: Float32Array) => values.map((value) => value / (hops + 1));
  if (features.kind === 'dense') {
    let values: Float32Array = features.rows.values;
    for (let r = 0; r < hops; r++) values = denseHop(features.rows, values, adjacency);
    return { kind: 'dense', rows: { ...features.rows, values: scaled(values) } };
  }
  let rows: SparseFloatRows = features.rows;
  for (let r = 0; r < hops; r++) rows = sparseHop(features.rows, rows, adjacency);
  return { kind: 'sparse', rows: { ...rows, values: scaled(rows.values) } };
}
