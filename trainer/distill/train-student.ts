// Trains one student k with PKD and PMA (ProGMLP Eq. 3, 4, 8):
// L_k = k^β [α CE + (1−α) KL] + w L_PMA.
import type { Random } from '@dandan/shared/random';
import {
  constant,
  type Engine,
  gatherRows,
  indexInput,
  input,
  maximum,
} from '../autodiff/index.ts';
import { oneHot } from '../fit/cross-entropy.ts';
import type { EpochReport } from '../fit/fit.ts';
import { fitClassifier } from '../fit/fit-classifier.ts';
import type { Split } from '../graph/graph-data.ts';
import { type DropoutMask, drawMasks, evaluationMode, trainingMode } from '../network/dropout.ts';
import { isBias, parameterInputs, type Weights } from '../network/weights.ts';
import type { Student } from '../student/student.ts';
import { constantTargets, studentLoss } from './losses.ts';
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
  /** The same student over the training rows alone; used where nothing else is learnt from. */
  readonly labelledStudent?: Student | undefined;
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

  // Labels alone: nothing but the labelled rows has to be computed.
  const own = teacherLogits ? undefined : options.labelledStudent?.forward(parameters, mode);
  const all = own ?? student.forward(parameters, mode);
  const mixes = mixup !== undefined && hyper.mixupWeight > 0;
  const mixing = mixes
    ? {
        nodes: train,
        partners: indexInput(PARTNERS, train.length),
        lambda: input(LAMBDA, [1, 1]),
        first: all.first,
      }
    : undefined;
  const { loss, mixupLoss } = studentLoss({
    stage,
    hyper,
    labelled: {
      logits: own ? own.logits : gatherRows(all.logits, train),
      targets: constant(hard, [train.length, classes]),
    },
    taught: teacherLogits && {
      logits: gatherRows(all.logits, visible),
      ...constantTargets(rowsAt(teacherLogits, classes, visible), classes, hyper.temperature),
    },
    mixed: mixing && {
      logits: student.forwardMixed(parameters, mode, mixing),
      partnerTargets: input(PARTNER_LABELS, [train.length, classes]),
      lambda: mixing.lambda,
    },
  });

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
