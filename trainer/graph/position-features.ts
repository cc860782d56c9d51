// Where a node lies in the graph, as a short vector: nodes near each other get similar ones.
import type { FloatRows } from '@dandan/shared/kernel';
import type { Random } from '@dandan/shared/random';
import type { Adjacency } from './graph-data.ts';

/** Four hops reach a neighbourhood; many more end at the same vector for all nodes. */
const HOPS = 4;
/** Deviations from the mean that a coordinate keeps: one hub must not set the scale of all. */
const CLIP = 2;

export interface PositionOptions {
  readonly adjacency: Adjacency;
  /** Nodes whose positions the graph tells; all others stand at the mean of their neighbours. */
  readonly visible: Int32Array;
  /** The whole graph: edges of the nodes outside `visible`. */
  readonly whole: Adjacency;
  readonly dimensions: number;
  readonly random: Random;
}

/** P ← D̂⁻¹ (A + I) P. */
function spread({ nodeCount, offsets, indices }: Adjacency, p: Float64Array, width: number) {
  const next = p.slice();
  for (let i = 0; i < nodeCount; i++) {
    const row = i * width;
    for (let e = offsets[i]; e < offsets[i + 1]; e++) {
      for (let d = 0; d < width; d++) next[row + d] += p[indices[e] * width + d];
    }
    const size = 1 + offsets[i + 1] - offsets[i];
    for (let d = 0; d < width; d++) next[row + d] /= size;
  }
  return next;
}

/** Columns with mean 0 and deviation 1 over `nodes`, in place. */
function standardise(p: Float64Array, width: number, nodes: Int32Array): void {
  for (let d = 0; d < width; d++) {
    let mean = 0;
    for (const node of nodes) mean += p[node * width + d] / nodes.length;
    let variance = 0;
    for (const node of nodes) variance += (p[node * width + d] - mean) ** 2 / nodes.length;
    const factor = variance > 0 ? 1 / Math.sqrt(variance) : 0;
    for (const node of nodes) p[node * width + d] = (p[node * width + d] - mean) * factor;
  }
}

/**
 * Random vectors spread over the graph (FastRP, Chen et al. 2019), standardised after every hop
 * so that the common part, which says nothing, goes. NOSMOG (Tian et al. 2023) appends such
 * positions, there DeepWalk's, to x; a node outside `visible` takes its neighbours' mean, as there.
 *
 * @returns float32 [N, dimensions] in −1..1.
 */
export function positionFeatures(options: PositionOptions): FloatRows {
  const { adjacency, visible, whole, dimensions: width, random } = options;
  const { nodeCount } = adjacency;
  let p = Float64Array.from({ length: nodeCount * width }, () => random.normal());
  for (let hop = 0; hop < HOPS; hop++) {
    p = spread(adjacency, p, width);
    standardise(p, width, visible);
  }
  const values = new Float32Array(nodeCount * width);
  const seen = new Uint8Array(nodeCount);
  for (const node of visible) seen[node] = 1;
  for (let i = 0; i < nodeCount; i++) {
    const own = seen[i] === 1;
    const nodes = own ? [i] : whole.indices.subarray(whole.offsets[i], whole.offsets[i + 1]);
    const known = nodes.filter((node) => seen[node] === 1);
    for (let d = 0; d < width; d++) {
      let sum = 0;
      for (const node of known) sum += Math.min(CLIP, Math.max(-CLIP, p[node * width + d]));
      values[i * width + d] = sum / Math.max(1, known.length) / CLIP;
    }
  }
  return { count: nodeCount, width, values };
}
