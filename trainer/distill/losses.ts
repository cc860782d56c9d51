// The loss of one student: the labels' term, the teacher's term (ProGMLP Eq. 3–4), mixup (Eq. 8).
import {
  add,
  constant,
  type Expression,
  logSoftmax,
  multiply,
  scalar,
  subtract,
} from '../autodiff/index.ts';
import { crossEntropy } from '../fit/cross-entropy.ts';
import { softmaxRow } from '../metrics/softmax-row.ts';

/** softmax(z / T) of teacher logits [rows, classes], and their mean entropy in nats. */
export function teacherTargets(teacherLogits: Float32Array, classes: number, temperature: number) {
  const rows = teacherLogits.length / classes;
  const targets = new Float32Array(teacherLogits.length);
  let entropy = 0;
  for (let i = 0; i < rows; i++) {
    const row = teacherLogits.subarray(i * classes, (i + 1) * classes);
    softmaxRow(row, temperature).forEach((p, c) => {
      targets[i * classes + c] = p;
      if (p > 0) entropy -= p * Math.log(p);
    });
  }
  return { targets, entropy: entropy / rows };
}

/**
 * Mean over the rows of KL(softmax(z / T) ‖ p), times T² so that the gradient's size
 * does not depend on T (Hinton et al. 2015, §2).
 *
 * @param targets softmax(z / T), [rows, classes]; `entropy` [1, 1] is their mean entropy.
 * @param logProbabilities log softmax(student / T) of the same rows.
 */
export function divergence(
  { targets, entropy }: { readonly targets: Expression; readonly entropy: Expression },
  logProbabilities: Expression,
  temperature: number,
): Expression {
  const difference = subtract(crossEntropy(targets, logProbabilities), entropy);
  return multiply(scalar(temperature * temperature), difference);
}

/** The teacher's targets where they do not change. */
export function constantTargets(teacherLogits: Float32Array, classes: number, temperature: number) {
  const { targets, entropy } = teacherTargets(teacherLogits, classes, temperature);
  return {
    targets: constant(targets, [targets.length / classes, classes]),
    entropy: scalar(entropy),
  };
}

export interface StudentLossOptions {
  /** 1-based number k of the student. */
  readonly stage: number;
  readonly hyper: {
    readonly alpha: number;
    readonly beta: number;
    readonly temperature: number;
    readonly mixupWeight: number;
  };
  /** Logits and one-hot targets of labelled nodes. */
  readonly labelled: { readonly logits: Expression; readonly targets: Expression };
  /** Logits of nodes with the teacher's word on them; `undefined` learns from labels alone. */
  readonly taught:
    | { readonly logits: Expression; readonly targets: Expression; readonly entropy: Expression }
    | undefined;
  /** Logits of mixed nodes, their own and their partners' targets, and λ. */
  readonly mixed:
    | {
        readonly logits: Expression;
        readonly targets: Expression;
        readonly partnerTargets: Expression;
        readonly lambda: Expression;
      }
    | undefined;
}

/** L_k = k^β [α CE + (1−α) KL] + w L_PMA, and L_PMA by itself. */
export function studentLoss({ stage, hyper, labelled, taught, mixed }: StudentLossOptions) {
  const { alpha, beta, temperature, mixupWeight } = hyper;
  const hard = () => crossEntropy(labelled.targets, logSoftmax(labelled.logits));
  let loss: Expression;
  if (taught) {
    const soft = logSoftmax(multiply(scalar(1 / temperature), taught.logits));
    const distilled = multiply(scalar(1 - alpha), divergence(taught, soft, temperature));
    const both = alpha === 0 ? distilled : add(multiply(scalar(alpha), hard()), distilled);
    loss = multiply(scalar(stage ** beta), both);
  } else loss = hard();
  if (!mixed) return { loss, mixupLoss: undefined };
  const targets = add(
    multiply(mixed.lambda, mixed.targets),
    multiply(subtract(scalar(1), mixed.lambda), mixed.partnerTargets),
  );
  const mixupLoss = crossEntropy(targets, logSoftmax(mixed.logits));
  return { loss: add(loss, multiply(scalar(mixupWeight), mixupLoss)), mixupLoss };
}
