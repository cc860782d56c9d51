// The inductive setting: nodes that neither teacher nor students see in training.
import type { Random } from '@dandan/shared/random';
import type { Adjacency, Split } from './graph-data.ts';

/** Share of the test nodes held out, as in the paper's inductive protocol. */
const HELD_OUT_SHARE = 0.2;

export interface InductiveSplit {
  /** The split with `test` reduced to the held-out test nodes. */
  readonly split: Split;
  /** Nodes the training may see: labelled, validation and the remaining test nodes. */
  readonly visible: Int32Array;
}

function drawTest(test: Int32Array, random: Random): Int32Array {
  const shuffled = random.shuffle(test.slice());
  return shuffled.slice(0, Math.ceil(shuffled.length * HELD_OUT_SHARE)).sort();
}

/**
 * Holds out 20 % of the test nodes, on which accuracy is reported, and all
 * calibration nodes: thresholds for nodes of the future must be calibrated on
 * nodes that training did not see either. A split that names its unseen nodes is
 * taken at its word.
 */
export function holdOut(split: Split, nodeCount: number, random: Random): InductiveSplit {
  const test = split.unseen ? split.test : drawTest(split.test, random);
  const hidden = new Set(split.unseen ?? [...test, ...split.unlabelled]);
  const visible = Int32Array.from({ length: nodeCount }, (_, node) => node).filter(
    (node) => !hidden.has(node),
  );
  return { split: { ...split, test }, visible };
}

/** The graph without the edges of nodes outside `visible`; node numbers stay. */
export function withoutHiddenEdges(adjacency: Adjacency, visible: Int32Array): Adjacency {
  const { nodeCount, offsets, indices } = adjacency;
  if (visible.length === nodeCount) return adjacency;
  const seen = new Uint8Array(nodeCount);
  for (const node of visible) seen[node] = 1;
  const kept = new Int32Array(indices.length);
  const newOffsets = new Int32Array(nodeCount + 1);
  let count = 0;
  for (let i = 0; i < nodeCount; i++) {
    for (let e = offsets[i]; seen[i] === 1 && e < offsets[i + 1]; e++) {
      if (seen[indices[e]] === 1) kept[count++] = indices[e];
    }
    newOffsets[i + 1] = count;
  }
  return { nodeCount, offsets: newOffsets, indices: kept.slice(0, count) };
}
