// A small graph as plain lists, before it is in any layout.

export interface PlainGraph {
  readonly edges: readonly (readonly [number, number])[];
  /** Class numbers, −1 where unknown. */
  readonly labels: readonly number[];
  /** train, val, test or none. */
  readonly splits: readonly string[];
  /** Rows of equal length. */
  readonly features: readonly (readonly number[])[];
}

const EDGES = [
  [0, 1],
  [2, 1],
  [2, 3],
  [0, 4],
  [5, 3],
] as const;
const LABELS = [0, 1, 0, 2, 1, -1, 2];
const SPLITS = ['train', 'train', 'val', 'test', 'none', 'none', 'train'];

/** Counts: sparse in any layout. Node 6 has no neighbour, node 5 no label, row 4 no entry. */
export const COUNTS: PlainGraph = {
  edges: EDGES,
  labels: LABELS,
  splits: SPLITS,
  features: [
    [1, 0, 0, 2],
    [0, 3, 0, 0],
    [0, 0, 127, 0],
    [1, 1, 0, 0],
    [0, 0, 0, 0],
    [0, 0, 0, 5],
    [0, 1, 0, 1],
  ],
};

/** Measurements with signs and fractions that float32 holds: dense in any layout. */
export const MEASUREMENTS: PlainGraph = {
  ...COUNTS,
  features: COUNTS.features.map((_, node) => [node - 3, 0.25 * node, 1e6 + node, -0.5]),
};

/** A self-loop, an edge given twice, and one given in both directions. */
export const MESSY: PlainGraph = { ...COUNTS, edges: [...EDGES, [6, 6], [2, 3], [3, 5]] };
