// Trains one student k with PKD and PMA (ProGMLP Eq. 3, 4, 8):
// L_k = k^β [α CE + (1−α) KL] + w L_PMA.
import type { Random } from '@dandan/shared/random';
import {
  add,
  constant,
  type Engine,
  type Expression,
  gatherRows,
  indexInput,
  input,
  logSoftmax,
  maximum,
  multiply,
  scalar,
  subtract,
} from '../autodiff/index.ts';
import { crossEntropy, oneHot } from '../fit/cross-entropy.ts';
import type { EpochReport } from '../fit/fit.ts';
import { fitClassifier } from '../fit/fit-classifier.ts';
import type { Split } from '../graph/graph-data.ts';
import { type DropoutMask, drawMasks, evaluationMode, trainingMode } from '../network/dropout.ts';
import { isBias, parameterInputs, type Weights } from '../network/weights.ts';
import type { Student } from '../student/student.ts';
import { distillationLoss } from './losses.ts';
import type { MixupSchedule } from './mixup-schedule.ts';
import { rowsAt } from './rows-at.ts';

/** The hyper-parameters one student is trained with. */
export interface StudentHyperParameters {
  readonly learningRate: number;
  /** L2 penalty on all weight matrices. */
  readonly weightDecay: number;
  /** α: weight of the labels against the teacher, 0..1. */
  readonly alpha: number;
  /** β: students further up weigh k^β. */
  readonly beta: number;
  /** Distillation temperature T. */
  readonly temperature: number;
  /** Weight of L_PMA; 0 leaves mixup out. */
  readonly mixupWeight: number;
  readonly maxEpochs: number;
  readonly patience: number;
}

export interface TrainStudentOptions {
  readonly student: Student;
  /**
   * The same student over the validation rows alone, in the order of `split.validation`:
   * early stopping then costs those rows instead of all.
   */
  readonly validationStudent?: Student | undefined;
  /** 1-based number k of the student. */
  readonly stage: number;
  readonly initial: Weights;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly split: Pick<Split, 'train' | 'validation'>;
  /** float32 [N, C]; `undefined` trains on the labels alone. */
  readonly teacherLogits: Float32Array | undefined;
  /** Nodes whose teacher output the student may see. */
  readonly visible: Int32Array;
  readonly mixup: MixupSchedule | undefined;
  readonly hyper: StudentHyperParameters;
  readonly random: Random;
  readonly onEpoch?: ((report: EpochReport) => void) | undefined;
  /** @default {one thread of the CPU} */
  readonly engine?: Engine | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TrainedStudent {
  readonly weights: Weights;
  /** float32 [N, last width]: units in evaluation mode. */
  readonly units: Float32Array;
  /** Largest activation over `visible` of each unit of the hidden layers but the last. */
  readonly innerRanges: readonly Float32Array[];
  /** float32 [N, C]. */
  readonly logits: Float32Array;
  readonly validationAccuracy: number;
  readonly epochs: number;
}

const INNER_RANGE = 'innerRange';
const LAMBDA = 'mixup.lambda';
const PARTNERS = 'mixup.partners';
const PARTNER_LABELS = 'mixup.partnerLabels';

export async function trainStudent(options: TrainStudentOptions): Promise<TrainedStudent> {
  const { student, stage, labels, classes, split, teacherLogits, visible, hyper } = options;
  const { mixup, random } = options;
  const { train } = split;
  const parameters = parameterInputs(student.shapes);
  const masks: DropoutMask[] = [];
  const mode = trainingMode(masks);
  const hard = oneHot(labels, train, classes);
  const hardTargets = constant(hard, [train.length, classes]);

  const { first, logits } = student.forward(parameters, mode);
  const labelled = crossEntropy(hardTargets, logSoftmax(gatherRows(logits, train)));
  let loss: Expression = labelled;
  if (teacherLogits) {
    const { alpha, beta, temperature } = hyper;
    const soft = multiply(scalar(1 / temperature), gatherRows(logits, visible));
    const taught = distillationLoss(
      rowsAt(teacherLogits, classes, visible),
      logSoftmax(soft),
      temperature,
    );
    const distilled = add(multiply(scalar(alpha), labelled), multiply(scalar(1 - alpha), taught));
    loss = multiply(scalar(stage ** beta), distilled);
  }
  let mixupLoss: Expression | undefined;
  if (mixup && hyper.mixupWeight > 0) {
    const lambda = input(LAMBDA, [1, 1]);
    const partners = indexInput(PARTNERS, train.length);
    const mixed = student.forwardMixed(parameters, mode, {
      nodes: train,
      partners,
      lambda,
      first,
    });
    const partnerTargets = input(PARTNER_LABELS, [train.length, classes]);
    const targets = add(
      multiply(lambda, hardTargets),
      multiply(subtract(scalar(1), lambda), partnerTargets),
    );
    mixupLoss = crossEntropy(targets, logSoftmax(mixed));
    loss = add(loss, multiply(scalar(hyper.mixupWeight), mixupLoss));
  }

  const maskRandom = random.fork('dropout');
  const pairRandom = random.fork('pairs');
  const order = Int32Array.from(train, (_, i) => i);

  function feeds() {
    const drawn = drawMasks(masks, maskRandom);
    if (!mixup || !mixupLoss) return drawn;
    pairRandom.shuffle(order);
    return {
      ...drawn,
      [LAMBDA]: Float32Array.of(mixup.lambda),
      [PARTNERS]: order.map((position) => train[position]),
      [PARTNER_LABELS]: rowsAt(hard, classes, order),
    };
  }

  const { first: _, inner, ...evaluation } = student.forward(parameters, evaluationMode);
  const ranges = inner.map((units) => maximum(gatherRows(units, visible), 0));
  const validationLogits = options.validationStudent?.forward(parameters, evaluationMode).logits;
  const { outputs, ...fitted } = await fitClassifier({
    loss,
    ...(mixupLoss && { scalars: { mixupLoss } }),
    parameters: Object.values(parameters),
    learningRate: hyper.learningRate,
    weightDecay: ({ name }) => (isBias(name) ? 0 : hyper.weightDecay),
    evaluation: {
      ...evaluation,
      ...Object.fromEntries(ranges.map((range, l) => [`${INNER_RANGE}${l}`, range])),
    },
    ...(validationLogits && { validationLogits }),
    initial: options.initial,
    feeds,
    onStep: (results) => {
      if (mixupLoss) mixup?.observe(results.mixupLoss[0]);
    },
    labels,
    classes,
    validation: split.validation,
    maxEpochs: hyper.maxEpochs,
    patience: hyper.patience,
    onEpoch: options.onEpoch,
    engine: options.engine,
    signal: options.signal,
  });
  return {
    ...fitted,
    units: outputs.units,
    logits: outputs.logits,
    innerRanges: ranges.map((_, l) => outputs[`${INNER_RANGE}${l}`]),
  };
}
