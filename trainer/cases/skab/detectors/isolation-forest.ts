// Isolation forest (Liu, Ting & Zhou 2008): what few random cuts set apart is abnormal.
import type { Random } from '@dandan/shared/random';
import type { Detector, Readings } from './detector.ts';

/** As in the paper's evaluation. */
const TREES = 100;
const ROWS_A_TREE = 256;

interface Cut {
  readonly channel: number;
  readonly at: number;
  readonly below: Node;
  readonly above: Node;
}

/** A leaf is the expected depth below it: c(n) of the paper. */
type Node = Cut | number;

const EULER = 0.5772156649015329;

/** Mean length of an unsuccessful search in a binary tree of `n` rows (Equation 1). */
const expectedDepth = (n: number) =>
  n <= 1 ? 0 : n === 2 ? 1 : 2 * (Math.log(n - 1) + EULER) - (2 * (n - 1)) / n;

function grow(rows: Readings, depth: number, random: Random): Node {
  if (depth === 0 || rows.length <= 1) return expectedDepth(rows.length);
  const ranges = Array.from(rows[0], (_, channel) => {
    const values = rows.map((row) => row[channel]);
    return { channel, low: Math.min(...values), high: Math.max(...values) };
  }).filter(({ low, high }) => low < high);
  if (ranges.length === 0) return expectedDepth(rows.length);
  const { channel, low, high } = ranges[Math.floor(random.next() * ranges.length)];
  const at = low + random.next() * (high - low);
  return {
    channel,
    at,
    below: grow(
      rows.filter((row) => row[channel] < at),
      depth - 1,
      random,
    ),
    above: grow(
      rows.filter((row) => row[channel] >= at),
      depth - 1,
      random,
    ),
  };
}

function depthOf(row: Float64Array, tree: Node): number {
  let node = tree;
  let depth = 0;
  while (typeof node !== 'number') {
    node = row[node.channel] < node.at ? node.below : node.above;
    depth++;
  }
  return depth + node;
}

export const isolationForest: Detector = {
  name: 'isolation forest',
  fit(normal, random) {
    const size = Math.min(ROWS_A_TREE, normal.length);
    const trees = Array.from({ length: TREES }, (_, tree) => {
      const stream = random.fork(`tree ${tree}`);
      const order = stream.shuffle(Int32Array.from(normal.keys()));
      const sample = Array.from(order.subarray(0, size), (row) => normal[row]);
      return grow(sample, Math.ceil(Math.log2(size)), stream);
    });
    const usual = expectedDepth(size);
    return (row) => {
      const depth = trees.reduce<number>((sum, tree) => sum + depthOf(row, tree), 0) / TREES;
      return 2 ** (-depth / usual);
    };
  },
};
