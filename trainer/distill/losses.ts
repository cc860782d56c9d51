// The terms of the distillation loss (ProGMLP Eq. 3, 4 and 8) as expressions.
import { constant, type Expression, multiply, scalar, subtract, total } from '../autodiff/index.ts';

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

/**
 * Mean over the rows of KL(softmax(z / T) ‖ p), times T² so that the gradient's size
 * does not depend on T (Hinton et al. 2015, §2).
 *
 * @param teacherLogits float32 [rows, classes].
 * @param logProbabilities log softmax(student / T) of the same rows.
 */
export function distillationLoss(
  teacherLogits: Float32Array,
  logProbabilities: Expression,
  temperature: number,
): Expression {
  const [rows, classes] = logProbabilities.shape;
  const targets = new Float32Array(rows * classes);
  let entropy = 0;
  for (let i = 0; i < rows; i++) {
    const row = teacherLogits.subarray(i * classes, (i + 1) * classes);
    const largest = row.reduce((a, b) => Math.max(a, b));
    const powers = Array.from(row, (value) => Math.exp((value - largest) / temperature));
    const sum = powers.reduce((a, b) => a + b);
    powers.forEach((power, c) => {
      const p = power / sum;
      targets[i * classes + c] = p;
      if (p > 0) entropy -= p * Math.log(p);
    });
  }
  const soft = crossEntropy(constant(targets, [rows, classes]), logProbabilities);
  const divergence = subtract(soft, scalar(entropy / rows));
  return multiply(scalar(temperature * temperature), divergence);
}
