// The loss of AdaGMLP's K students (Lu et al., KDD 2024): random classification, weighted
// distillation and node alignment, as expressions.
import {
  add,
  constant,
  type Expression,
  gatherRows,
  type IndexInput,
  type Input,
  logSoftmax,
  multiply,
  scalar,
  subtract,
  sum,
  total,
} from '../autodiff/index.ts';
import { crossEntropy } from '../fit/cross-entropy.ts';
import { softmaxRow } from '../metrics/softmax-row.ts';
import type { StudentOutputs } from '../student/student.ts';

/** The hyper-parameters that are AdaGMLP's own, as in the authors' code. */
export const ADAGMLP = {
  /** λ: labels against teacher. */
  labelWeight: 0.1,
  /** β of the errors. */
  beta: 1,
  /** λ_A: outputs against hidden units in node alignment; that of the authors' Cora run. */
  outputAlignment: 0.9,
  /** Share of the features hidden in node alignment: that of the authors' runs which use it. */
  maskedShare: 0.1,
} as const;

/** KL(softmax(z / T) ‖ softmax(P / T)) of every row, [rows, 1]. */
export function rowDivergences(
  teacherLogits: Float32Array,
  logits: Expression,
  temperature: number,
): Expression {
  const [rows, classes] = logits.shape;
  const targets = new Float32Array(rows * classes);
  const negativeEntropy = new Float32Array(rows);
  for (let i = 0; i < rows; i++) {
    const row = teacherLogits.subarray(i * classes, (i + 1) * classes);
    softmaxRow(row, temperature).forEach((p, c) => {
      targets[i * classes + c] = p;
      if (p > 0) negativeEntropy[i] += p * Math.log(p);
    });
  }
  const softened = logSoftmax(multiply(scalar(1 / temperature), logits));
  const agreement = sum(multiply(constant(targets, [rows, classes]), softened), 1);
  return subtract(constant(negativeEntropy, [rows, 1]), agreement);
}

/** Mean squared difference of all entries. */
function meanSquare(a: Expression, b: Expression): Expression {
  const difference = subtract(a, b);
  const [rows, columns] = a.shape;
  return multiply(scalar(1 / (rows * columns)), total(multiply(difference, difference)));
}

type LayerOutputs = Pick<StudentOutputs, 'inner' | 'units' | 'logits'>;

export interface AdagmlpStudent {
  /** KL of every row of the step that the student may see the teacher on, [rows, 1]. */
  readonly divergences: Expression;
  /** Weights of the same rows, [rows, 1], sum 1. */
  readonly nodeWeights: Input;
  /** Over all labelled nodes, with all features and with some of them hidden. */
  readonly labelled: LayerOutputs;
  readonly masked: LayerOutputs;
  /** The labels dealt to this student: positions among the labelled nodes, and one-hot rows. */
  readonly positions: IndexInput;
  readonly targets: Input;
}

/** λ CE + (1 − λ) Σ w_i KL_i + λ_A L_out + (1 − λ_A) L_hid of one student, [1, 1]. */
export function adagmlpLoss(student: AdagmlpStudent): Expression {
  const { divergences, nodeWeights, labelled, masked, positions, targets } = student;
  const { labelWeight, outputAlignment } = ADAGMLP;
  const dealt = (outputs: Expression) => gatherRows(outputs, positions);
  const answers = dealt(logSoftmax(labelled.logits));
  const output = meanSquare(answers, dealt(logSoftmax(masked.logits)));
  const layers = [...labelled.inner, labelled.units];
  const maskedLayers = [...masked.inner, masked.units];
  const hidden = layers
    .map((layer, l) => meanSquare(dealt(layer), dealt(maskedLayers[l])))
    .reduce((a, b) => add(a, b));
  const terms: [number, Expression][] = [
    [labelWeight, crossEntropy(targets, answers)],
    [1 - labelWeight, total(multiply(nodeWeights, divergences))],
    [outputAlignment, output],
    [(1 - outputAlignment) / layers.length, hidden],
  ];
  return terms.map(([weight, term]) => multiply(scalar(weight), term)).reduce((a, b) => add(a, b));
}
