// Attention over neighbourhoods (Veličković et al. 2018, Eq. 1–4): every node averages the
// projected features of its neighbours with weights α_ij that depend on both ends.
import {
  add,
  divide,
  type Expression,
  exp,
  matmul,
  maximum,
  relu,
  type SparsePattern,
  sampledDot,
  scalar,
  scatterRows,
  sparseMatmul,
  subtract,
} from '../autodiff/index.ts';
import { leakyRelu } from './activations.ts';
import { blockDiagonal, type Heads, headOfColumn, interleaveWithOnes } from './heads.ts';

const LEAKY_SLOPE = 0.2;

/**
 * Exponents above this are shifted down, for float32 ends at e^88. Below, nothing need be done:
 * the slope of 0.2 keeps even a score of −400 above e^−87. A neighbourhood underflows to 0 / 0
 * only where all its exponents lie 147 below the largest of the graph.
 */
const LARGEST_EXPONENT = 60;

export interface AttentionOptions extends Heads {
  /** Entry (i, j): node i reads node j; every node must read at least one. */
  readonly pattern: SparsePattern;
  /** Projected features W h [N, H·U]. */
  readonly projected: Expression;
  /** The halves of the paper's vector a for the reading and the read node, [U, H] each. */
  readonly target: Expression;
  readonly source: Expression;
  /** Dropout on the coefficients [non-zeros, H]. */
  dropCoefficients(coefficients: Expression): Expression;
}

/** a_targetᵀ W h_i + a_sourceᵀ W h_j at every entry (i, j) and head, [non-zeros, H]. */
function scores({ pattern, projected, target, source, ...heads }: AttentionOptions): Expression {
  // t_i + s_j as the dot product of [t_i 1] and [1 s_j]: one pass over the edges instead of three.
  const side = (vectors: Expression, first: 0 | 1) => {
    const { place, ones } = interleaveWithOnes(heads.heads, first);
    return add(matmul(projected, matmul(blockDiagonal(vectors, heads), place)), ones);
  };
  return sampledDot(pattern, side(target, 0), side(source, 1), heads.heads);
}

/** Σ_j α_ij W h_j per head, [N, H·U], where α_i = softmax over j of LeakyReLU(score_ij). */
export function attend(options: AttentionOptions): Expression {
  const { pattern, projected, heads, units } = options;
  const exponents = leakyRelu(scores(options), LEAKY_SLOPE);
  const shift = relu(subtract(maximum(exponents, 0), scalar(LARGEST_EXPONENT)));
  const weights = exp(subtract(exponents, shift));
  // Divided by their sum after the product: N · H · U divisions instead of one per edge and head.
  const sums = scatterRows(weights, pattern.rowOf, pattern.rows);
  const weighted = sparseMatmul(pattern, projected, { values: options.dropCoefficients(weights) });
  const perColumn = matmul(sums, headOfColumn({ heads, units }), { transposeB: true });
  return divide(weighted, perColumn);
}
