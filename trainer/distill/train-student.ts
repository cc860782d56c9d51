// Trains one student k with PKD and PMA (ProGMLP Eq. 3, 4, 8):
// L_k = k^β [α CE + (1−α) KL] + w L_PMA.
import { gatherRows, maximum } from '../autodiff/index.ts';
import { fitClassifier } from '../fit/fit-classifier.ts';
import { evaluationMode } from '../network/dropout.ts';
import { isBias, parameterInputs, type Weights } from '../network/weights.ts';
import { studentSteps } from './student-steps.ts';
import type { TrainStudentOptions } from './student-training.ts';

export type {
  StudentHyperParameters,
  StudentPart,
  TrainStudentOptions,
} from './student-training.ts';

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

export async function trainStudent(options: TrainStudentOptions): Promise<TrainedStudent> {
  const { student, labels, classes, split, visible, hyper, mixup, random } = options;
  const parameters = parameterInputs(student.shapes);
  const { steps, feeds } = studentSteps(options, parameters);
  const [first, ...further] = steps.map(({ loss, mixupLoss }) => ({
    loss,
    ...(mixupLoss && { scalars: { mixupLoss } }),
  }));
  const order = random.fork('order');

  const { first: _first, inner, ...evaluation } = student.forward(parameters, evaluationMode);
  const ranges = inner.map((units) => maximum(gatherRows(units, visible), 0));
  const validationLogits = options.validationStudent?.forward(parameters, evaluationMode).logits;
  const { outputs, ...fitted } = await fitClassifier({
    ...first,
    furtherSteps: further,
    shuffleSteps: (entries) => order.shuffle(entries),
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
      if (results.mixupLoss) mixup?.observe(results.mixupLoss[0]);
    },
    labels,
    classes,
    validation: split.validation,
    classWeights: options.classWeights,
    maxEpochs: hyper.maxEpochs,
    patience: hyper.patience,
    averaging: options.averaging,
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
