// A stretch of one run that goes to a set as a whole, with all machines.

export interface Block {
  readonly run: number;
  /** int32, ascending in time. */
  readonly nodes: Int32Array;
  /** Labelled windows of each class. */
  readonly classSizes: readonly number[];
}

export function createBlock(
  run: number,
  nodes: Int32Array,
  labels: Int32Array,
  classes: number,
): Block {
  const classSizes = Array<number>(classes).fill(0);
  for (const node of nodes) if (labels[node] >= 0) classSizes[labels[node]]++;
  return { run, nodes, classSizes };
}
