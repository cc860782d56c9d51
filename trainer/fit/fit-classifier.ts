// Trains a node classifier given as expressions, teacher or student: one session that
// steps, one that evaluates, early stopping on the validation nodes.
import {
  adamStep,
  createSession,
  type Expression,
  type Feeds,
  type Input,
  type Results,
} from '../autodiff/index.ts';
import { accuracyOf, crossEntropyOf } from '../metrics/accuracy.ts';
import type { Weights } from '../network/weights.ts';
import { type EpochReport, fit } from './fit.ts';

export interface FitClassifierOptions {
  /** [1, 1], in training mode. */
  readonly loss: Expression;
  /** Further scalars that `onStep` wants to see. */
  readonly scalars?: Readonly<Record<string, Expression>>;
  readonly parameters: readonly Input[];
  readonly learningRate: number;
  /** L2 penalty per parameter. */
  readonly weightDecay: (parameter: Input) => number;
  /** Expressions in evaluation mode; `logits` [N, classes] decide when to stop. */
  readonly evaluation: Readonly<Record<string, Expression>> & { readonly logits: Expression };
  readonly initial: Weights;
  /** Masks, indices and scalars of one step. */
  readonly feeds: () => Feeds;
  readonly onStep?: (results: Results) => void;
  readonly labels: Int32Array;
  readonly classes: number;
  /** Labelled nodes for early stopping. */
  readonly validation: Int32Array;
  readonly maxEpochs: number;
  readonly patience: number;
  readonly onEpoch?: ((report: EpochReport) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface FittedClassifier {
  readonly weights: Weights;
  /** The evaluation expressions at those weights. */
  readonly outputs: Results;
  readonly validationAccuracy: number;
  readonly epochs: number;
}

/** @throws the signal's reason when aborted; {InputError} `training-diverged`. */
export async function fitClassifier(options: FitClassifierOptions): Promise<FittedClassifier> {
  const { loss, scalars, labels, classes, validation, onStep, onEpoch } = options;
  const step = await createSession({ outputs: { ...adamStep(options), loss, ...scalars } });
  const evaluation = await createSession({ outputs: options.evaluation });
  try {
    const { weights, best, epochs } = await fit({
      step,
      weights: options.initial,
      feeds: options.feeds,
      onStep: (results) => onStep?.(results),
      async validate(current) {
        const { logits } = await evaluation.run(current);
        return {
          accuracy: accuracyOf(logits, classes, labels, validation),
          loss: crossEntropyOf(logits, classes, labels, validation),
        };
      },
      maxEpochs: options.maxEpochs,
      patience: options.patience,
      onEpoch: (report) => onEpoch?.(report),
      signal: options.signal,
    });
    const outputs = await evaluation.run(weights);
    return { weights, outputs, validationAccuracy: best.accuracy, epochs };
  } finally {
    await Promise.all([step.release(), evaluation.release()]);
  }
}
