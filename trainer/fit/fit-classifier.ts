// Trains a node classifier given as expressions, teacher or student: one program that steps
// and evaluates, early stopping on the validation nodes.
import {
  adamStep,
  cpuEngine,
  type Engine,
  type Expression,
  type Feeds,
  firstMoment,
  gatherRows,
  type Input,
  input,
  type Results,
  secondMoment,
} from '../autodiff/index.ts';
import { accuracyOf, type ClassWeights, crossEntropyOf } from '../metrics/accuracy.ts';
import type { Weights } from '../network/weights.ts';
import { type EpochReport, fit } from './fit.ts';

/** What one step of training computes. */
export interface StepExpressions {
  readonly loss: Expression;
  readonly scalars?: Readonly<Record<string, Expression>> | undefined;
}

export interface FitClassifierOptions {
  /** [1, 1], in training mode. */
  readonly loss: Expression;
  /** Further scalars that `onStep` wants to see. */
  readonly scalars?: Readonly<Record<string, Expression>>;
  /** Further steps of an epoch, as when its rows are cut into parts. */
  readonly furtherSteps?: readonly StepExpressions[];
  /** Shuffles the steps of an epoch. @default {they stay in order} */
  readonly shuffleSteps?: (entries: string[]) => void;
  readonly parameters: readonly Input[];
  readonly learningRate: number;
  /** L2 penalty per parameter. */
  readonly weightDecay: (parameter: Input) => number;
  /**
   * Expressions in evaluation mode, computed once at the end; `logits` are [N, classes], or
   * [batch, classes] where `evaluationFeeds` says how to feed all rows batch by batch.
   */
  readonly evaluation: Readonly<Record<string, Expression>> & { readonly logits: Expression };
  readonly evaluationFeeds?: () => Iterable<Feeds>;
  /**
   * Logits [validation nodes, classes] that decide when to stop, computed every epoch.
   * @default {the validation nodes' rows of `evaluation.logits`}
   */
  readonly validationLogits?: Expression;
  readonly initial: Weights;
  /** Masks, indices and scalars of one step. */
  readonly feeds: () => Feeds;
  readonly onStep?: (results: Results) => void;
  readonly labels: Int32Array;
  readonly classes: number;
  /** Labelled nodes for early stopping. */
  readonly validation: Int32Array;
  /** What a validation node of each class counts. */
  readonly classWeights?: ClassWeights;
  readonly maxEpochs: number;
  readonly patience: number;
  /** See `FitOptions`. */
  readonly averaging?: number | undefined;
  /** Steps between validations. @default {what the engine asks for} */
  readonly stepsPerRun?: number;
  /** @default {one thread of the CPU} */
  readonly engine?: Engine | undefined;
  readonly onEpoch?: ((report: EpochReport) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface FittedClassifier {
  readonly weights: Weights;
  /** The evaluation expressions at those weights. */
  readonly outputs: Results;
  /** Of every batch of `evaluationFeeds`; `outputs` are those of the first. */
  readonly batches: readonly Results[];
  readonly validationAccuracy: number;
  readonly epochs: number;
}

/** @throws the signal's reason when aborted; {InputError} `training-diverged`. */
export async function fitClassifier(options: FitClassifierOptions): Promise<FittedClassifier> {
  const { loss, scalars, parameters, evaluation, labels, classes, validation } = options;
  const { engine = cpuEngine(), onEpoch, classWeights } = options;
  const moments = parameters.flatMap(({ name, shape }) => [
    input(firstMoment(name), shape),
    input(secondMoment(name), shape),
  ]);
  const { furtherSteps = [] } = options;
  const steps = Object.fromEntries(
    [{ loss, scalars }, ...furtherSteps].map((one, i) => [
      i === 0 ? 'step' : `step${i}`,
      {
        outputs: { loss: one.loss, ...one.scalars },
        updates: adamStep({ ...options, loss: one.loss }),
      },
    ]),
  );
  const validationLogits = options.validationLogits ?? gatherRows(evaluation.logits, validation);
  const session = await engine.createSession({
    state: [...parameters, ...moments],
    entries: {
      ...steps,
      validate: { outputs: { logits: validationLogits } },
      evaluate: { outputs: evaluation },
    },
  });
  const validationLabels = Int32Array.from(validation, (node) => labels[node]);
  const everyRow = Int32Array.from(validation, (_, i) => i);
  try {
    const { weights, best, epochs } = await fit({
      ...options,
      session,
      weights: options.initial,
      epochEntries() {
        const entries = Object.keys(steps);
        options.shuffleSteps?.(entries);
        return entries;
      },
      stepsPerRun: Math.max(engine.stepsPerRun, options.stepsPerRun ?? 1),
      async validate() {
        const [{ logits }] = await session.run('validate');
        return {
          accuracy: accuracyOf(logits, classes, validationLabels, everyRow, classWeights),
          loss: crossEntropyOf(logits, classes, validationLabels, everyRow, classWeights),
        };
      },
      onEpoch: (report) => onEpoch?.(report),
    });
    await session.write(weights);
    const batches: Results[] = [];
    for (const feeds of options.evaluationFeeds?.() ?? [{}]) {
      options.signal?.throwIfAborted();
      batches.push(...(await session.run('evaluate', [feeds])));
    }
    return { weights, outputs: batches[0], batches, validationAccuracy: best.accuracy, epochs };
  } finally {
    await session.release();
  }
}
