// AdaGMLP (Lu et al., KDD 2024, arXiv 2405.14307): K MLPs trained together by one loss,
// each on a random part of the labels and on nodes weighted by its predecessors' errors.
//
// The paper leaves some of this open; the authors' published code decides: all students share
// one Adam step, and the labels are dealt out anew every epoch. Ours differs in three points.
// Node weights start equal every epoch: theirs go on from epoch to epoch, which piles them on
// a few nodes and ended training after a dozen epochs, a point lower on Cora's validation
// nodes. A step uses the errors of the step before: the weights are no part of the gradient, so
// only their age differs. Early stopping looks at the unweighted mean, and the α of the
// returned weights are computed at the end; theirs are those of the last epoch.
import type { Random } from '@dandan/shared/random';
import {
  add,
  type Engine,
  type Expression,
  exp,
  log,
  logSoftmax,
  multiply,
  scalar,
} from '../autodiff/index.ts';
import { oneHot } from '../fit/cross-entropy.ts';
import type { EpochReport } from '../fit/fit.ts';
import { fitClassifier } from '../fit/fit-classifier.ts';
import type { GraphData } from '../graph/graph-data.ts';
import { softmaxRow } from '../metrics/softmax-row.ts';
import { type DropoutMask, drawMasks, evaluationMode, trainingMode } from '../network/dropout.ts';
import type { FeatureProduct } from '../network/feature-product.ts';
import { rowsAt } from '../network/rows-at.ts';
import { glorotWeights, isBias } from '../network/weights.ts';
import type { PreparedData } from '../run/prepare.ts';
import type { TrainOptions } from '../run/train-options.ts';
import { singleWidths } from '../run/train-single.ts';
import { createStudent, type Student } from '../student/student.ts';
import { ADAGMLP } from './adagmlp-loss.ts';
import { adagmlpStudent, nodeWeightsName } from './adagmlp-student.ts';
import { boost } from './boosting.ts';

export interface TrainAdagmlpOptions {
  readonly graph: GraphData;
  readonly data: PreparedData;
  /** K is the number of widths. */
  readonly options: TrainOptions;
  /** float32 [N, C]. */
  readonly teacherLogits: Float32Array;
  readonly random: Random;
  readonly onEpoch?: ((report: EpochReport) => void) | undefined;
  /** @default {one thread of the CPU} */
  readonly engine?: Engine | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TrainedAdagmlp {
  /** Per student, float32 [N, C]. */
  readonly logits: readonly Float32Array[];
  /** α_k per student. */
  readonly alphas: readonly number[];
  readonly epochs: number;
}

/** Features with a share hidden at random in training; the kept ones grow, as by row normalisation. */
const withHidden = (features: FeatureProduct, share: number): FeatureProduct => ({
  ...features,
  multiply: (weight, mode) => features.multiply(weight, mode, share),
});

/** log of the mean of the students' probabilities. */
function ensembleLogits(logits: readonly Expression[]): Expression {
  const sum = logits.map((z): Expression => exp(logSoftmax(z))).reduce((a, b) => add(a, b));
  return log(multiply(scalar(1 / logits.length), sum));
}

/** KL(teacher ‖ student) of every node of `nodes` at temperature 1. */
function divergencesAt(
  nodes: Int32Array,
  teacher: Float32Array,
  student: Float32Array,
  classes: number,
): Float32Array {
  const row = (matrix: Float32Array, i: number) =>
    softmaxRow(matrix.subarray(i * classes, (i + 1) * classes), 1);
  return Float32Array.from(nodes, (node) => {
    const q = row(student, node);
    return row(teacher, node).reduce(
      (sum, p, c) => sum + (p > 0 ? p * Math.log(p / Math.max(q[c], Number.MIN_VALUE)) : 0),
      0,
    );
  });
}

const divergenceName = (student: number, part: number) => `divergence${student}.${part}`;

/**
 * Trains K students of the last width together. Where an epoch takes a step for each part of the
 * rows, every part is boosted by itself, from its errors of the epoch before.
 */
export async function trainAdagmlp(given: TrainAdagmlpOptions): Promise<TrainedAdagmlp> {
  const { graph, data, options, teacherLogits, random } = given;
  const { taught: visible, classWeights } = data;
  const { train, validation } = data.split;
  const hyper = options.student;
  const classes = graph.classes.length;
  const count = options.widths.length;
  const dealt = Math.max(1, Math.floor(train.length / count));
  const masks: DropoutMask[] = [];

  const on = (features: FeatureProduct): Student =>
    createStudent({
      features,
      previous: undefined,
      structure: 'paper',
      widths: singleWidths(options),
      classes,
      inputDropout: options.inputDropout,
      dropout: options.dropout,
    });
  const whole = on(data.studentFeatures);
  const parts = data.parts?.map(({ nodes, features }) => ({ nodes, student: on(features) }));
  const masked = on(withHidden(data.labelledFeatures, ADAGMLP.maskedShare));
  const validating = on(data.validationFeatures);

  const students = Array.from({ length: count }, (_, k) => {
    const { steps, forward, ...student } = adagmlpStudent({
      id: `student${k}`,
      networks: { whole, parts, labelled: on(data.labelledFeatures), masked },
      visible,
      train,
      teacherLogits,
      classes,
      dealt,
      temperature: hyper.temperature,
      training: trainingMode(masks),
    });
    return {
      ...student,
      steps,
      evaluation: forward(whole, evaluationMode).logits,
      validation: forward(validating, evaluationMode).logits,
    };
  });

  const maskRandom = random.fork('dropout');
  const dealer = random.fork('deal');
  const order = Int32Array.from(train.keys());
  const hard = oneHot(graph.labels, train, classes);
  const sizes = parts?.map(({ nodes }) => nodes.length) ?? [visible.length];
  const boosted = sizes.map((size) =>
    boost({ divergences: students.map(() => new Float32Array(size)), beta: ADAGMLP.beta }),
  );

  function feeds() {
    dealer.shuffle(order);
    const fed: Record<string, Float32Array | Int32Array> = drawMasks(masks, maskRandom);
    students.forEach((_, k) => {
      const positions = order.slice(k * dealt, (k + 1) * dealt);
      fed[`student${k}.positions`] = positions;
      fed[`student${k}.targets`] = rowsAt(hard, classes, positions);
      boosted.forEach(({ nodeWeights }, part) => {
        fed[nodeWeightsName(`student${k}`, part)] = nodeWeights[k];
      });
    });
    return fed;
  }

  const evaluation = Object.fromEntries(students.map((s, k) => [`student${k}`, s.evaluation]));
  const validationLogits = ensembleLogits(students.map((s) => s.validation));
  const [step, ...furtherSteps] = sizes.map((_, part) => ({
    loss: multiply(
      scalar(1 / count),
      students.map((s) => s.steps[part].loss).reduce((a, b) => add(a, b)),
    ),
    scalars: Object.fromEntries(
      students.map((s, k) => [divergenceName(k, part), s.steps[part].divergence]),
    ),
  }));
  const stepOrder = random.fork('order');
  const { outputs, epochs } = await fitClassifier({
    ...step,
    furtherSteps,
    shuffleSteps: (entries) => stepOrder.shuffle(entries),
    parameters: students.flatMap((s) => s.parameters),
    learningRate: hyper.learningRate,
    weightDecay: ({ name }) => (isBias(name) ? 0 : hyper.weightDecay),
    evaluation: { ...evaluation, logits: ensembleLogits(students.map((s) => s.evaluation)) },
    validationLogits,
    initial: Object.assign(
      {},
      ...students.map((s, k) => glorotWeights(s.shapes, random.fork(`weights ${k}`))),
    ),
    feeds,
    onStep(results) {
      const part = sizes.findIndex((_, p) => divergenceName(0, p) in results);
      boosted[part] = boost({
        divergences: students.map((_, k) => results[divergenceName(k, part)]),
        beta: ADAGMLP.beta,
      });
    },
    labels: graph.labels,
    classes,
    validation,
    classWeights,
    maxEpochs: hyper.maxEpochs,
    patience: hyper.patience,
    onEpoch: given.onEpoch,
    engine: given.engine,
    signal: given.signal,
  });
  const logits = students.map((_, k) => outputs[`student${k}`]);
  const { alphas } = boost({
    divergences: logits.map((z) => divergencesAt(visible, teacherLogits, z, classes)),
    beta: ADAGMLP.beta,
  });
  return { logits, alphas, epochs };
}
