// Cross-entropy against labels or mixtures of labels, as an expression.
import { type Expression, multiply, scalar, subtract, total } from '../autodiff/index.ts';

const negate = (a: Expression) => subtract(scalar(0), a);

/** One row per node of `nodes`, 1 at its label. */
export function oneHot(labels: Int32Array, nodes: Int32Array, classes: number): Float32Array {
  const rows = new Float32Array(nodes.length * classes);
  nodes.forEach((node, i) => {
    rows[i * classes + labels[node]] = 1;
  });
  return rows;
}

/** Mean over the rows of −Σ_c target_c · log p_c. */
export function crossEntropy(targets: Expression, logProbabilities: Expression): Expression {
  const rows = logProbabilities.shape[0];
  return multiply(scalar(1 / rows), negate(total(multiply(targets, logProbabilities))));
}
