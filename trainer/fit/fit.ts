// The training loop: Adam steps, evaluation every epoch, early stopping, progress.
import { InputError } from '@dandan/shared/error';
import {
  adamCorrections,
  type Feeds,
  firstMoment,
  type Session,
  secondMoment,
} from '../autodiff/index.ts';
import type { Weights } from '../network/weights.ts';

/** How well weights do on the validation nodes. */
export interface Validation {
  /** 0..1. */
  readonly accuracy: number;
  /** Mean cross-entropy; the criterion of early stopping. */
  readonly loss: number;
}

export interface EpochReport extends Validation {
  readonly epoch: number;
  readonly maxEpochs: number;
  readonly trainingLoss: number;
  /** Accuracy of the epoch whose weights would be returned now: the one with the lowest loss. */
  readonly bestAccuracy: number;
  readonly secondsLeft: number;
}

export interface FitOptions {
  /** Outputs of `adamStep` plus `loss`. */
  readonly step: Session;
  readonly weights: Weights;
  /** Masks, indices and scalars of one step. */
  feeds(): Feeds;
  /** Called with the loss and all outputs' scalars after each step. */
  onStep?(results: Readonly<Record<string, Float32Array>>): void;
  validate(weights: Weights): Promise<Validation>;
  readonly maxEpochs: number;
  /** Epochs without improvement before stopping. */
  readonly patience: number;
  onEpoch?(report: EpochReport): void;
  readonly signal?: AbortSignal | undefined;
}

export interface FitResult {
  /** Those of the best epoch. */
  readonly weights: Weights;
  readonly epochs: number;
  readonly best: Validation;
}

/**
 * By loss, not accuracy: on the few validation labels of a plant (135) accuracy has a
 * standard error of 3.6 points, and its maximum over 500 epochs picks luck.
 */
function better(candidate: Validation, best: Validation): boolean {
  return candidate.loss < best.loss;
}

/**
 * Runs full-batch epochs until `patience` epochs bring no lower validation loss, and
 * returns the best epoch's weights; epoch 0 is the weights it was given.
 *
 * @throws {Error} the signal's reason when aborted; {InputError} `training-diverged` when the loss is not finite.
 */
export async function fit(options: FitOptions): Promise<FitResult> {
  const { step, feeds, validate, maxEpochs, patience, onEpoch, onStep, signal } = options;
  const names = Object.keys(options.weights);
  let state: Record<string, Float32Array> = { ...options.weights };
  for (const name of names) {
    state[firstMoment(name)] = new Float32Array(state[name].length);
    state[secondMoment(name)] = new Float32Array(state[name].length);
  }
  // Inherited weights may already be the best: a student is never worse than what it started from.
  let best = await validate(options.weights);
  let bestEpoch = 0;
  let bestWeights = options.weights;
  const started = performance.now();
  let epoch = 0;
  while (epoch < maxEpochs && epoch - bestEpoch < patience) {
    signal?.throwIfAborted();
    epoch++;
    const results = await step.run({ ...state, ...adamCorrections(epoch), ...feeds() });
    const trainingLoss = results.loss[0];
    if (!Number.isFinite(trainingLoss)) {
      throw new InputError(
        'training-diverged',
        `Training diverged: the loss of epoch ${epoch} is ${trainingLoss}`,
        { field: 'learning rate', allowed: 'a smaller one' },
      );
    }
    onStep?.(results);
    state = Object.fromEntries(Object.keys(state).map((name) => [name, results[name]]));
    const weights = Object.fromEntries(names.map((name) => [name, state[name]]));
    const validation = await validate(weights);
    if (better(validation, best)) {
      best = validation;
      bestEpoch = epoch;
      bestWeights = weights;
    }
    const secondsPerEpoch = (performance.now() - started) / 1000 / epoch;
    const epochsLeft = Math.min(maxEpochs - epoch, bestEpoch + patience - epoch);
    onEpoch?.({
      ...validation,
      epoch,
      maxEpochs,
      trainingLoss,
      bestAccuracy: best.accuracy,
      secondsLeft: secondsPerEpoch * epochsLeft,
    });
  }
  return { weights: bestWeights, epochs: epoch, best };
}
