// Which set of the data's own split a node belongs to, as one number per node.
import type { Split } from '../graph/graph-data.ts';

export const NO_SPLIT = 0;
export const TRAIN = 1;
export const VALIDATION = 2;
export const TEST = 3;

/** What a split column may hold. */
export const SPLIT_CODES: ReadonlyMap<string, number> = new Map([
  ['', NO_SPLIT],
  ['none', NO_SPLIT],
  ['train', TRAIN],
  ['val', VALIDATION],
  ['valid', VALIDATION],
  ['validation', VALIDATION],
  ['test', TEST],
]);

export const SPLIT_WORDS = 'train, val, validation, test, none';

function nodesOf(splits: Int32Array, code: number): Int32Array {
  let size = 0;
  for (const split of splits) if (split === code) size++;
  const nodes = new Int32Array(size);
  let at = 0;
  for (let node = 0; node < splits.length; node++) if (splits[node] === code) nodes[at++] = node;
  return nodes;
}

/** The node sets of codes [nodes]; `undefined` when no node is marked for training. */
export function splitOfCodes(splits: Int32Array): Split | undefined {
  const train = nodesOf(splits, TRAIN);
  if (train.length === 0) return undefined;
  return {
    train,
    validation: nodesOf(splits, VALIDATION),
    test: nodesOf(splits, TEST),
    unlabelled: nodesOf(splits, NO_SPLIT),
  };
}
