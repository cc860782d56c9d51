// Trains a teacher on the labelled nodes and returns its logits for every node.
import type { Random } from '@dandan/shared/random';
import { constant, type Engine, evaluateOnce, gatherRows, logSoftmax } from '../autodiff/index.ts';
import { crossEntropy, oneHot } from '../fit/cross-entropy.ts';
import type { EpochReport } from '../fit/fit.ts';
import { fitClassifier } from '../fit/fit-classifier.ts';
import type { Split } from '../graph/graph-data.ts';
import { type DropoutMask, drawMasks, evaluationMode, trainingMode } from '../network/dropout.ts';
import { glorotWeights, parameterInputs, type Weights } from '../network/weights.ts';
import type { GraphNetwork } from './graph-network.ts';

export interface TrainTeacherOptions {
  readonly network: GraphNetwork;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly split: Pick<Split, 'train' | 'validation'>;
  readonly random: Random;
  readonly learningRate: number;
  /** L2 penalty on the weights that the network's paper decays. */
  readonly weightDecay: number;
  readonly maxEpochs: number;
  readonly patience: number;
  readonly onEpoch?: ((report: EpochReport) => void) | undefined;
  /** @default {one thread of the CPU} */
  readonly engine?: Engine | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface TrainedTeacher {
  readonly weights: Weights;
  /** float32 [N, C]. */
  readonly logits: Float32Array;
  readonly validationAccuracy: number;
  readonly epochs: number;
}

export async function trainTeacher(options: TrainTeacherOptions): Promise<TrainedTeacher> {
  const { network, labels, classes, split, random, learningRate, weightDecay } = options;
  const parameters = parameterInputs(network.shapes);
  const masks: DropoutMask[] = [];
  const trained = logSoftmax(
    gatherRows(network.forward(parameters, trainingMode(masks)), split.train),
  );
  const targets = constant(oneHot(labels, split.train, classes), [split.train.length, classes]);
  const loss = crossEntropy(targets, trained);
  const maskRandom = random.fork('dropout');
  const { outputs, ...fitted } = await fitClassifier({
    loss,
    parameters: Object.values(parameters),
    learningRate,
    weightDecay: ({ name }) => (network.decays(name) ? weightDecay : 0),
    evaluation: { logits: network.forward(parameters, evaluationMode) },
    initial: glorotWeights(network.shapes, random.fork('weights')),
    feeds: () => drawMasks(masks, maskRandom),
    labels,
    classes,
    validation: split.validation,
    maxEpochs: options.maxEpochs,
    patience: options.patience,
    onEpoch: options.onEpoch,
    engine: options.engine,
    signal: options.signal,
  });
  return { ...fitted, logits: outputs.logits };
}

/** Logits [N, C] of trained weights on another graph of the same nodes, in evaluation mode. */
export async function networkLogits(
  network: GraphNetwork,
  weights: Weights,
  engine?: Engine,
): Promise<Float32Array> {
  const parameters = parameterInputs(network.shapes);
  const logits = network.forward(parameters, evaluationMode);
  return (await evaluateOnce({ logits }, weights, engine)).logits;
}
