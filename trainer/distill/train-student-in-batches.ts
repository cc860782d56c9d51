// `trainStudent` for graphs that do not fit in one piece: every step reads a batch of visible
// rows for the teacher's term and a batch of labelled rows for labels and mixup.
import type { FloatRows } from '@dandan/shared/kernel';
import type { Random } from '@dandan/shared/random';
import { constant, type Feeds, input, scalar } from '../autodiff/index.ts';
import { oneHot } from '../fit/cross-entropy.ts';
import { fitClassifier } from '../fit/fit-classifier.ts';
import {
  type DropoutMask,
  drawMasks,
  evaluationMode,
  prefixed,
  trainingMode,
} from '../network/dropout.ts';
import { denseProduct } from '../network/feature-product.ts';
import {
  allBatches,
  joinBatches,
  nodeBatches,
  type RowBatch,
  rowBatch,
  STEPS_BETWEEN_VALIDATIONS,
} from '../network/row-batch.ts';
import { rowsAt } from '../network/rows-at.ts';
import { isBias, parameterInputs } from '../network/weights.ts';
import {
  createStudent,
  type HiddenMatrix,
  type Student,
  type StudentOptions,
} from '../student/student.ts';
import type { AugmentedInput } from './augment/augmented-input.ts';
import { batchPairs } from './batch-pairs.ts';
import { studentLoss, teacherTargets } from './losses.ts';
import type { TrainedStudent, TrainStudentOptions } from './train-student.ts';

export interface TrainStudentInBatchesOptions
  extends Omit<
    TrainStudentOptions,
    'student' | 'validationStudent' | 'labelledStudent' | 'augmented'
  > {
  readonly network: Omit<StudentOptions, 'features' | 'previous'>;
  /** X of all nodes. */
  readonly rows: FloatRows;
  /** Hidden activations of all nodes; `undefined` for the first student. */
  readonly previous: HiddenMatrix | undefined;
  /** Rows of a batch. */
  readonly batch: number;
  /** Disturbs the rows of every step. @default {they stay clean} */
  readonly augmentation?: AugmentedInput | undefined;
}

/** Epochs of the hyper-parameters count steps here. @returns what `trainStudent` does. */
export async function trainStudentInBatches(
  options: TrainStudentInBatchesOptions,
): Promise<TrainedStudent> {
  const { network, rows, previous, labels, classes, split, visible, hyper, mixup } = options;
  const { teacherLogits, random } = options;
  const matrices = { x: rows, ...(previous && { h: previous }) };
  const batchOf = (name: string, size: number) => rowBatch(name, size, matrices);
  const studentOn = ({ inputs }: RowBatch) =>
    createStudent({
      ...network,
      features: denseProduct(inputs.x),
      previous: previous && { width: previous.width, input: inputs.h },
    });
  const taughtRows = batchOf('taught', Math.min(options.batch, visible.length));
  const labelledRows = batchOf('labelled', Math.min(options.batch, split.train.length));
  const evaluated = batchOf('every', Math.min(options.batch, rows.count));

  const parameters = parameterInputs(studentOn(labelledRows).shapes);
  const masks: DropoutMask[] = [];
  const mode = trainingMode(masks);
  // Two forward passes: masks of the labelled rows need names of their own.
  const labelledMode = prefixed('labelled', mode);
  const disturbances: ((random: Random) => Feeds)[] = [];
  /** The student over rows as training sees them. */
  function trainingOn(batchRows: RowBatch, name: string): Student {
    if (!options.augmentation) return studentOn(batchRows);
    const { features, previous: before, feeds } = options.augmentation(batchRows.inputs.x, name);
    disturbances.push(feeds);
    return createStudent({ ...network, features, previous: before });
  }
  const labelledStudent = trainingOn(labelledRows, 'labelled');
  const labelled = labelledStudent.forward(parameters, labelledMode);
  const size = labelledRows.size;
  const hardTargets = input('labelled.targets', [size, classes]);
  const known = teacherLogits && teacherTargets(teacherLogits, classes, hyper.temperature);
  const taughtStudent = known && trainingOn(taughtRows, 'taught');
  const taught = taughtStudent?.forward(parameters, mode);
  const softTargets = input('taught.targets', [taughtRows.size, classes]);
  const pairs = batchPairs({
    ...options,
    parameters,
    labelled: {
      student: labelledStudent,
      outputs: labelled,
      mode: labelledMode,
      targets: hardTargets,
    },
    taught: taughtStudent &&
      taught && { student: taughtStudent, outputs: taught, mode, targets: softTargets },
  });
  const { loss, mixupLoss } = studentLoss({
    stage: options.stage,
    hyper,
    labelled: { logits: labelled.logits, targets: hardTargets },
    taught: known &&
      taught && { logits: taught.logits, targets: softTargets, entropy: scalar(known.entropy) },
    mixed: pairs?.mixed,
  });

  const maskRandom = random.fork('dropout');
  const pairRandom = random.fork('pairs');
  const rowRandom = random.fork('augmentation');
  const order = random.fork('order');
  const shuffle = (nodes: Int32Array) => order.shuffle(nodes);
  const drawTaught = nodeBatches(visible, taughtRows.size, shuffle);
  const drawLabelled = nodeBatches(split.train, size, shuffle);

  function feeds() {
    const nodes = drawLabelled();
    const hard = oneHot(labels, nodes, classes);
    const labelledBatch = { nodes, targets: hard };
    const fed: Record<string, Float32Array | Int32Array> = drawMasks(masks, maskRandom);
    for (const disturb of disturbances) Object.assign(fed, disturb(rowRandom));
    Object.assign(fed, labelledRows.feeds(nodes), { 'labelled.targets': hard });
    if (!known) return Object.assign(fed, pairs?.feeds(pairRandom, labelledBatch, undefined));
    const taughtNodes = drawTaught();
    const soft = rowsAt(known.targets, classes, taughtNodes);
    Object.assign(fed, taughtRows.feeds(taughtNodes), { 'taught.targets': soft });
    const taughtBatch = { nodes: taughtNodes, targets: soft };
    return Object.assign(fed, pairs?.feeds(pairRandom, labelledBatch, taughtBatch));
  }

  const { first: _, inner, ...outputs } = studentOn(evaluated).forward(parameters, evaluationMode);
  const named = Object.fromEntries(inner.map((units, l) => [`inner${l}`, units]));
  const at = <M extends { width: number; values: Float32Array }>({ width, values }: M) =>
    constant(rowsAt(values, width, split.validation), [split.validation.length, width]);
  const validationLogits = createStudent({
    ...network,
    features: denseProduct(at(rows)),
    previous: previous && { width: previous.width, input: at(previous) },
  }).forward(parameters, evaluationMode).logits;

  const fitted = await fitClassifier({
    ...options,
    loss,
    ...(mixupLoss && { scalars: { mixupLoss } }),
    parameters: Object.values(parameters),
    learningRate: hyper.learningRate,
    weightDecay: ({ name }) => (isBias(name) ? 0 : hyper.weightDecay),
    evaluation: { ...outputs, ...named },
    evaluationFeeds: () => allBatches(rows.count, evaluated.size, evaluated.feeds),
    validationLogits,
    stepsPerRun: STEPS_BETWEEN_VALIDATIONS,
    feeds,
    onStep: (results) => {
      if (mixupLoss) mixup?.observe(results.mixupLoss[0]);
    },
    validation: split.validation,
    maxEpochs: hyper.maxEpochs,
    patience: hyper.patience,
  });
  const { batches, weights, validationAccuracy, epochs } = fitted;
  const joined = (name: string, width: number) =>
    joinBatches(
      batches.map((batch) => batch[name]),
      rows.count,
      width,
    );
  return {
    weights,
    validationAccuracy,
    epochs,
    units: joined('units', network.widths[network.widths.length - 1]),
    logits: joined('logits', classes),
    innerRanges: inner.map((units, l) => {
      const width = units.shape[1];
      return largestOf(joined(`inner${l}`, width), width, visible);
    }),
  };
}

/** Largest value of every column over some rows, and no less than 0, as after a ReLU. */
function largestOf(matrix: Float32Array, width: number, nodes: Int32Array): Float32Array {
  const largest = new Float32Array(width);
  for (const node of nodes) {
    for (let c = 0; c < width; c++) {
      largest[c] = Math.max(largest[c], matrix[node * width + c]);
    }
  }
  return largest;
}
