// The teacher's term of the distillation loss (ProGMLP Eq. 3–4) as an expression.
import { constant, type Expression, multiply, scalar, subtract } from '../autodiff/index.ts';
import { crossEntropy } from '../fit/cross-entropy.ts';
import { softmaxRow } from '../metrics/softmax-row.ts';

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
    softmaxRow(row, temperature).forEach((p, c) => {
      targets[i * classes + c] = p;
      if (p > 0) entropy -= p * Math.log(p);
    });
  }
  const soft = crossEntropy(constant(targets, [rows, classes]), logProbabilities);
  const divergence = subtract(soft, scalar(entropy / rows));
  return multiply(scalar(temperature * temperature), divergence);
}
