// What students read beside their own x, where a run asks for it: the mean of their neighbours'
// x, and where they lie in the graph. Whoever asks such a student must know both.
import type { FloatRows } from '@dandan/shared/kernel';
import type { Random } from '@dandan/shared/random';
import type { Adjacency, NodeFeatures } from '../graph/graph-data.ts';
import { withoutHiddenEdges } from '../graph/hold-out.ts';
import { meanOverHops } from '../graph/mean-over-hops.ts';
import { positionFeatures } from '../graph/position-features.ts';
import { columnScales, type InputScaling } from '../quantise/column-scale.ts';
import type { TrainOptions } from './train-options.ts';

export interface StudentInputOptions {
  readonly features: NodeFeatures;
  /** The whole graph. */
  readonly adjacency: Adjacency;
  /** Nodes that training may see. */
  readonly visible: Int32Array;
  readonly options: Pick<TrainOptions, 'propagation' | 'positions' | 'inputScaling'>;
  readonly random: Random;
}

/** Dense features with the column's centre, which the input codes take them for, where one is missing. */
function complete(
  features: NodeFeatures,
  visible: Int32Array,
  scaling: InputScaling | undefined,
): NodeFeatures {
  if (features.kind === 'sparse' || !features.rows.values.some(Number.isNaN)) return features;
  const { width } = features.rows;
  const scales = columnScales(features.rows.values, width, visible, scaling);
  const values = features.rows.values.map((value, at) =>
    Number.isNaN(value) ? scales[at % width].centre : value,
  );
  return { kind: 'dense', rows: { ...features.rows, values } };
}

/** Rows of `seen` where `isVisible`, else of `whole`; both of one kind and shape. */
function chosenRows(
  seen: NodeFeatures,
  whole: NodeFeatures,
  isVisible: (node: number) => boolean,
): NodeFeatures {
  const { count, width } = seen.rows;
  if (seen.kind === 'dense' || whole.kind === 'dense') {
    const values = seen.rows.values.map((value, at) =>
      isVisible(Math.floor(at / width)) ? value : whole.rows.values[at],
    );
    return { kind: 'dense', rows: { count, width, values } };
  }
  const from = (node: number) => (isVisible(node) ? seen.rows : whole.rows);
  const offsets = new Int32Array(count + 1);
  for (let i = 0; i < count; i++) {
    offsets[i + 1] = offsets[i] + from(i).offsets[i + 1] - from(i).offsets[i];
  }
  const indices = new Int32Array(offsets[count]);
  const values = new Float32Array(offsets[count]);
  for (let i = 0; i < count; i++) {
    const { offsets: at, ...rows } = from(i);
    indices.set(rows.indices.subarray(at[i], at[i + 1]), offsets[i]);
    values.set(rows.values.subarray(at[i], at[i + 1]), offsets[i]);
  }
  return { kind: 'sparse', rows: { count, width, offsets, indices, values } };
}

/** Largest value that a visible row holds: positions beside words of 1 or 30 weigh as much. */
function largestOf({ offsets, values }: { offsets: Int32Array; values: Float32Array }) {
  return (nodes: Int32Array) =>
    nodes.reduce((largest, node) => {
      for (let e = offsets[node]; e < offsets[node + 1]; e++) {
        largest = Math.max(largest, values[e]);
      }
      return largest;
    }, 0) || 1;
}

/**
 * Columns appended to every row. Sparse rows hold no negative values: a coordinate becomes two
 * columns there, its positive and its negative part.
 */
function withColumns(
  features: NodeFeatures,
  { width: more, values: positions }: FloatRows,
  visible: Int32Array,
): NodeFeatures {
  const { count, width } = features.rows;
  if (features.kind === 'dense') {
    const values = new Float32Array(count * (width + more));
    for (let i = 0; i < count; i++) {
      values.set(features.rows.values.subarray(i * width, (i + 1) * width), i * (width + more));
      values.set(positions.subarray(i * more, (i + 1) * more), i * (width + more) + width);
    }
    return { kind: 'dense', rows: { count, width: width + more, values } };
  }
  const { offsets: before, indices: columns, values: entries } = features.rows;
  const unit = largestOf(features.rows)(visible);
  const offsets = before.map((offset, i) => offset + i * more);
  const indices = new Int32Array(offsets[count]);
  const values = new Float32Array(offsets[count]);
  for (let i = 0; i < count; i++) {
    indices.set(columns.subarray(before[i], before[i + 1]), offsets[i]);
    values.set(entries.subarray(before[i], before[i + 1]), offsets[i]);
    const own = offsets[i + 1] - more;
    const signed = Array.from(positions.subarray(i * more, (i + 1) * more), (value, d) => ({
      column: width + (value < 0 ? more + d : d),
      value: Math.abs(value) * unit,
    })).sort((a, b) => a.column - b.column);
    signed.forEach(({ column, value }, d) => {
      indices[own + d] = column;
      values[own + d] = value;
    });
  }
  return { kind: 'sparse', rows: { count, width: width + 2 * more, offsets, indices, values } };
}

/**
 * A visible node reads the graph that training sees, a held-out one the whole: its neighbours
 * are known by the time it is asked.
 *
 * @returns `features` itself where a run adds nothing.
 */
export function studentInput(given: StudentInputOptions): NodeFeatures {
  const { adjacency, visible, options, random } = given;
  const { propagation, positions, inputScaling } = options;
  if (propagation === 0 && positions === 0) return given.features;
  const seen = withoutHiddenEdges(adjacency, visible);
  let features = complete(given.features, visible, inputScaling);
  if (propagation > 0) {
    const over = (graph: Adjacency) =>
      meanOverHops({ features, adjacency: graph, hops: propagation });
    const onSeen = over(seen);
    const nodes = new Set(visible);
    features =
      seen === adjacency ? onSeen : chosenRows(onSeen, over(adjacency), (i) => nodes.has(i));
  }
  if (positions === 0) return features;
  const where = positionFeatures({
    adjacency: seen,
    visible,
    whole: adjacency,
    dimensions: positions,
    random: random.fork('positions'),
  });
  return withColumns(features, where, visible);
}
