// Sizes of two Open Graph Benchmark sets (Hu et al. 2020, Table 2), for random graphs.
import type { RandomGraphSize } from './random-graph.ts';

/** ogbn-arxiv: 2,315,598 directed edges. The last 1 % of the nodes calibrates. */
export const ARXIV_SIZE: RandomGraphSize = {
  nodes: 169_343,
  edges: 1_157_799,
  width: 128,
  classes: 40,
  shares: { train: 0.54, validation: 0.17, test: 0.28 },
};

/** ogbn-products: few labelled nodes, most are test nodes. */
export const PRODUCTS_SIZE: RandomGraphSize = {
  nodes: 2_449_029,
  edges: 61_859_140,
  width: 100,
  classes: 47,
  shares: { train: 0.08, validation: 0.016, test: 0.9 },
};
