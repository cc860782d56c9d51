// Trains the SIGN teacher on graphs that do not fit in one piece: the propagated features are
// computed once, then every step reads a batch of labelled rows only.
import type { FloatRows } from '@dandan/shared/kernel';
import type { Random } from '@dandan/shared/random';
import {
  add,
  constant,
  cpuEngine,
  type Engine,
  type Expression,
  type Input,
  input,
  logSoftmax,
  matmul,
} from '../autodiff/index.ts';
import { crossEntropy, oneHot } from '../fit/cross-entropy.ts';
import type { EpochReport } from '../fit/fit.ts';
import { fitClassifier } from '../fit/fit-classifier.ts';
import type { Split } from '../graph/graph-data.ts';
import { type DropoutMask, drawMasks, evaluationMode, trainingMode } from '../network/dropout.ts';
import {
  allBatches,
  joinBatches,
  nodeBatches,
  rowBatch,
  STEPS_BETWEEN_VALIDATIONS,
} from '../network/row-batch.ts';
import { rowsAt } from '../network/rows-at.ts';
import { glorotWeights, parameterInputs, type Weights } from '../network/weights.ts';
import { type SignNetwork, signRows } from './sign.ts';
import type { TrainedTeacher } from './train-teacher.ts';

export interface TrainSignOptions {
  /** X, ÂX, Â²X, … as `propagateFeatures` returns them. */
  readonly hops: readonly FloatRows[];
  readonly labels: Int32Array;
  readonly classes: number;
  readonly hidden: number;
  readonly dropout: number;
  readonly split: Pick<Split, 'train' | 'validation'>;
  /** Rows of a batch. */
  readonly batch: number;
  readonly random: Random;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** In steps of one batch, like `patience`. */
  readonly maxEpochs: number;
  readonly patience: number;
  readonly onEpoch?: ((report: EpochReport) => void) | undefined;
  readonly engine?: Engine | undefined;
  readonly signal?: AbortSignal | undefined;
}

type Shape = Pick<TrainSignOptions, 'hops' | 'hidden' | 'classes' | 'dropout'>;

const signOf = ({ hops, hidden, classes, dropout }: Shape): SignNetwork =>
  signRows({ inputWidth: hops[0].width, hidden, classes, depth: hops.length - 1, dropout });

const hopName = (hop: number) => `hop${hop}`;

const matricesOf = (hops: readonly FloatRows[]) =>
  Object.fromEntries(hops.map((rows, hop) => [hopName(hop), rows]));

/** Σ_r Â^r X W_r of rows given by hop. */
function sumOver(
  { inputs }: { readonly inputs: Readonly<Record<string, Expression>> },
  parameters: Readonly<Record<string, Input>>,
): Expression {
  return Object.entries(inputs)
    .map(([hop, x]): Expression => matmul(x, parameters[hop]))
    .reduce((a, b) => add(a, b));
}

/** @returns what `trainTeacher` does. */
export async function trainSignInBatches(options: TrainSignOptions): Promise<TrainedTeacher> {
  const { hops, labels, classes, split, random, batch } = options;
  const sign = signOf(options);
  const parameters = parameterInputs(sign.shapes);
  const matrices = matricesOf(hops);
  const labelledSize = Math.min(batch, split.train.length);
  const labelled = rowBatch('labelled', labelledSize, matrices);
  const every = rowBatch('every', Math.min(batch, hops[0].count), matrices);

  const masks: DropoutMask[] = [];
  const mode = trainingMode(masks);
  const targets = input('targets', [labelledSize, classes]);
  const logits = sign.head(parameters, mode, sumOver(labelled, parameters));
  const maskRandom = random.fork('dropout');
  const order = random.fork('order');
  const draw = nodeBatches(split.train, labelledSize, (nodes) => order.shuffle(nodes));
  const validationRows = Object.fromEntries(
    hops.map(({ values, width }, hop) => [
      hopName(hop),
      constant(rowsAt(values, width, split.validation), [split.validation.length, width]),
    ]),
  );
  const evaluated = (rows: Parameters<typeof sumOver>[0]) =>
    sign.head(parameters, evaluationMode, sumOver(rows, parameters));
  const {
    batches,
    outputs: _,
    ...fitted
  } = await fitClassifier({
    ...options,
    loss: crossEntropy(targets, logSoftmax(logits)),
    parameters: Object.values(parameters),
    weightDecay: ({ name }) => (sign.decays(name) ? options.weightDecay : 0),
    evaluation: { logits: evaluated(every) },
    evaluationFeeds: () => allBatches(hops[0].count, every.size, every.feeds),
    validationLogits: evaluated({ inputs: validationRows }),
    stepsPerRun: STEPS_BETWEEN_VALIDATIONS,
    initial: glorotWeights(sign.shapes, random.fork('weights')),
    feeds() {
      const nodes = draw();
      const hard = oneHot(labels, nodes, classes);
      return { ...drawMasks(masks, maskRandom), ...labelled.feeds(nodes), targets: hard };
    },
    validation: split.validation,
  });
  const all = batches.map(({ logits: rows }) => rows);
  return { ...fitted, logits: joinBatches(all, hops[0].count, classes) };
}

/** Logits [N, C] of trained weights, in evaluation mode. */
export async function signLogits(
  options: Pick<
    TrainSignOptions,
    'hops' | 'hidden' | 'classes' | 'dropout' | 'batch' | 'engine' | 'signal'
  >,
  weights: Weights,
): Promise<Float32Array> {
  const { hops, classes, batch, engine = cpuEngine(), signal } = options;
  const sign = signOf(options);
  const parameters = parameterInputs(sign.shapes);
  const { count } = hops[0];
  const rows = rowBatch('every', Math.min(batch, count), matricesOf(hops));
  const logits = sign.head(parameters, evaluationMode, sumOver(rows, parameters));
  const session = await engine.createSession({
    state: Object.values(parameters),
    entries: { evaluate: { outputs: { logits } } },
  });
  try {
    await session.write(weights);
    const batches: Float32Array[] = [];
    for (const feeds of allBatches(count, rows.size, rows.feeds)) {
      signal?.throwIfAborted();
      batches.push((await session.run('evaluate', [feeds]))[0].logits);
    }
    return joinBatches(batches, count, classes);
  } finally {
    await session.release();
  }
}
