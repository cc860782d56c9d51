// AdaBoost over distillation errors (AdaGMLP, Lu et al., KDD 2024, §4.1): a student's
// error on a node is how far its answer is from the teacher's.

export interface BoostOptions {
  /** Per student, KL(teacher ‖ student) of every node at temperature 1; [nodes]. */
  readonly divergences: readonly Float32Array[];
  /** β: how quickly a divergence becomes an error, e_i = 1 − exp(−β KL_i). */
  readonly beta: number;
}

export interface Boosted {
  /** Node weights that each student's distillation loss uses; [nodes] each, sum 1. */
  readonly nodeWeights: readonly Float32Array[];
  /** α_k, at least `SMALLEST_ALPHA`. */
  readonly alphas: readonly number[];
}

/** A student no better than chance keeps a vanishing say, as in the authors' code. */
const SMALLEST_ALPHA = 1e-16;
/** Keeps a perfect student's α finite; the same number in the authors' code. */
const SMALLEST_ERROR = 1e-16;

/** The first student weighs all nodes alike; α_k = ln((1 − ε_k) / ε_k) with ε_k = Σ w_i e_i; w_i ← w_i exp(α_k e_i) / Z. */
export function boost({ divergences, beta }: BoostOptions): Boosted {
  const nodeWeights: Float32Array[] = [];
  const alphas: number[] = [];
  const nodes = divergences[0].length;
  let weights = new Float32Array(nodes).fill(1 / nodes);
  for (const divergence of divergences) {
    nodeWeights.push(weights);
    const errors = Float64Array.from(divergence, (kl) => 1 - Math.exp(-beta * Math.max(0, kl)));
    let error = SMALLEST_ERROR;
    for (let i = 0; i < errors.length; i++) error += weights[i] * errors[i];
    const alpha = Math.max(Math.log((1 - error) / error), SMALLEST_ALPHA) || SMALLEST_ALPHA;
    alphas.push(alpha);
    const raised = Float64Array.from(errors, (e, i) => weights[i] * Math.exp(alpha * e));
    const sum = raised.reduce((a, b) => a + b);
    weights = Float32Array.from(raised, (value) => value / sum);
  }
  return { nodeWeights, alphas };
}
