// Rows of dense matrices fed batch by batch, for training on graphs that do not fit in one piece.
import { type Feeds, type Input, input } from '../autodiff/index.ts';

/** Validating costs a pass over all validation rows, as much as several batches. */
export const STEPS_BETWEEN_VALIDATIONS = 5;

/** One dense matrix over all nodes. */
export interface RowMatrix {
  readonly width: number;
  /** float32 [N, width]. */
  readonly values: Float32Array;
}

/** Some matrices of the same nodes, as inputs of `size` rows. */
export interface RowBatch {
  readonly size: number;
  /** [size, width] per matrix. */
  readonly inputs: Readonly<Record<string, Input>>;
  /** The rows of `nodes`; where there are fewer than `size`, the last one is repeated. */
  feeds(nodes: Int32Array): Record<string, Float32Array>;
}

/** @param name prefix of the inputs' names. */
export function rowBatch(
  name: string,
  size: number,
  matrices: Readonly<Record<string, RowMatrix>>,
): RowBatch {
  const entries = Object.entries(matrices);
  const inputName = (key: string) => `${name}.${key}`;
  return {
    size,
    inputs: Object.fromEntries(
      entries.map(([key, { width }]) => [key, input(inputName(key), [size, width])]),
    ),
    feeds: (nodes) =>
      Object.fromEntries(
        entries.map(([key, { width, values }]) => {
          const rows = new Float32Array(size * width);
          for (let i = 0; i < size; i++) {
            const node = nodes[Math.min(i, nodes.length - 1)];
            rows.set(values.subarray(node * width, (node + 1) * width), i * width);
          }
          return [inputName(key), rows];
        }),
      ),
  };
}

/** Draws batches of nodes without replacement, again and again in another order. */
export function nodeBatches(
  nodes: Int32Array,
  size: number,
  shuffle: (nodes: Int32Array) => void,
): () => Int32Array {
  const order = nodes.slice();
  let next = order.length;
  return () => {
    if (next + size > order.length) {
      shuffle(order);
      next = 0;
    }
    next += size;
    return order.slice(next - size, next);
  };
}

/** All nodes in order, `size` at a time. */
export function* allBatches(
  count: number,
  size: number,
  feeds: (nodes: Int32Array) => Feeds,
): Generator<Feeds> {
  for (let from = 0; from < count; from += size) {
    const length = Math.min(size, count - from);
    yield feeds(Int32Array.from({ length }, (_, i) => from + i));
  }
}

/** Rows computed batch after batch, without those that only filled the last one up. */
export function joinBatches(
  batches: readonly Float32Array[],
  count: number,
  width: number,
): Float32Array {
  const joined = new Float32Array(count * width);
  let next = 0;
  for (const batch of batches) {
    const taken = Math.min(batch.length, joined.length - next);
    joined.set(batch.subarray(0, taken), next);
    next += taken;
  }
  return joined;
}
