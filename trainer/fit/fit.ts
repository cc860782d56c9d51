// The training loop: Adam steps, evaluation every epoch, early stopping, progress.
import { setImmediate } from 'node:timers/promises';
import { InputError } from '@dandan/shared/error';
import { adamCorrections, type Feeds, type Results, type Session } from '../autodiff/index.ts';
import type { Weights } from '../network/weights.ts';
import { createWeightAverage } from './weight-average.ts';

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
  /** Its step entries have the output `loss`; its state begins with zero moments. */
  readonly session: Session;
  readonly weights: Weights;
  /** Masks, indices and scalars of one step. */
  feeds(): Feeds;
  /** Called with the loss and the other outputs of each step. */
  onStep?(results: Results): void;
  /** Looks at the session's present weights. */
  validate(): Promise<Validation>;
  readonly maxEpochs: number;
  /** Epochs without improvement before stopping. */
  readonly patience: number;
  /** Entries of the steps of one epoch, in order; asked for at every epoch. @default {one `step`} */
  epochEntries?(): readonly string[];
  /**
   * Decay of the running mean of the weights that is validated and returned in their stead; see
   * `createWeightAverage`. @default {0, the weights themselves}
   */
  readonly averaging?: number | undefined;
  /** Steps asked for at once, and so epochs between validations where an epoch is one step. @default {1} */
  readonly stepsPerRun?: number;
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

/** Often enough for Ctrl-C and the progress line, rarely enough to cost nothing. */
const YIELD_MS = 50;

function checkLoss(loss: number, epoch: number): number {
  if (Number.isFinite(loss)) return loss;
  throw new InputError(
    'training-diverged',
    `Training diverged: the loss of epoch ${epoch} is ${loss}`,
    { field: 'learning rate', allowed: 'a smaller one' },
  );
}

/**
 * Runs epochs until `patience` epochs bring no lower validation loss, and returns the best
 * epoch's weights; epoch 0 is the weights it was given.
 *
 * @throws {Error} the signal's reason when aborted; {InputError} `training-diverged` when the loss is not finite.
 */
export async function fit(options: FitOptions): Promise<FitResult> {
  const {
    session,
    feeds,
    validate,
    maxEpochs,
    patience,
    averaging = 0,
    stepsPerRun = 1,
    signal,
  } = options;
  const names = Object.keys(options.weights);
  await session.write(options.weights);
  // Inherited weights may already be the best: a student is never worse than what it started from.
  let best = await validate();
  let bestEpoch = 0;
  let bestWeights = options.weights;
  const average = averaging > 0 ? createWeightAverage(averaging) : undefined;
  const started = performance.now();
  let yielded = started;
  let epoch = 0;
  let step = 0;
  let trainingLoss = 0;
  while (epoch < maxEpochs && epoch - bestEpoch < patience) {
    signal?.throwIfAborted();
    const entries = options.epochEntries?.() ?? ['step'];
    const epochs = entries.length > 1 ? 1 : Math.min(stepsPerRun, maxEpochs - epoch);
    for (const entry of entries) {
      const feedsOf = Array.from({ length: epochs }, () => ({
        ...adamCorrections(++step),
        ...feeds(),
      }));
      for (const results of await session.run(entry, feedsOf)) {
        trainingLoss = checkLoss(results.loss[0], epoch + 1);
        options.onStep?.(results);
      }
    }
    epoch += epochs;
    const own = average && (await session.read(names));
    if (own) await session.write(average.add(own));
    const validation = await validate();
    if (better(validation, best)) {
      best = validation;
      bestEpoch = epoch;
      bestWeights = await session.read(names);
    }
    if (own) await session.write(own);
    const now = performance.now();
    const secondsPerEpoch = (now - started) / 1000 / epoch;
    const epochsLeft = Math.min(maxEpochs - epoch, bestEpoch + patience - epoch);
    options.onEpoch?.({
      ...validation,
      epoch,
      maxEpochs,
      trainingLoss,
      bestAccuracy: best.accuracy,
      secondsLeft: secondsPerEpoch * epochsLeft,
    });
    if (now - yielded > YIELD_MS) {
      await setImmediate();
      yielded = performance.now();
    }
  }
  return { weights: bestWeights, epochs: epoch, best };
}
