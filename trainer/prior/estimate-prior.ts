// Class shares among nodes whose labels are unknown, from what a calibrated classifier says of
// them (Saerens et al. 2002, §2.2): the maximum of their likelihood, by expectation maximisation.

export interface EstimatePriorOptions {
  /** float [nodes, C], rows that sum to 1: calibrated where classes have the shares `source`. */
  readonly probabilities: Float32Array;
  /** Class shares among the labelled nodes, all above 0; [C]. */
  readonly source: Float64Array;
}

/** A node of every class counts beside the given ones: a class that has labels exists. */
const PSEUDO_COUNT = 1;
const MAX_ITERATIONS = 1000;
/** Largest change of a share that ends the iteration. */
const TOLERANCE = 1e-7;

/** @returns shares [C] that sum to 1. */
export function estimatePrior({ probabilities, source }: EstimatePriorOptions): Float64Array {
  const classes = source.length;
  const rows = probabilities.length / classes;
  let prior = source;
  const posterior = new Float64Array(classes);
  for (let iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
    const ratio = prior.map((share, c) => share / source[c]);
    const counts = new Float64Array(classes).fill(PSEUDO_COUNT);
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let c = 0; c < classes; c++) {
        posterior[c] = probabilities[i * classes + c] * ratio[c];
        sum += posterior[c];
      }
      for (let c = 0; c < classes; c++) counts[c] += posterior[c] / sum;
    }
    const next = counts.map((count) => count / (rows + classes * PSEUDO_COUNT));
    const change = next.reduce((most, share, c) => Math.max(most, Math.abs(share - prior[c])), 0);
    prior = next;
    if (change < TOLERANCE) break;
  }
  return prior;
}
