// One MLP on its own: on labels alone (plain MLP) or distilled (GLNN, Zhang et al. 2022).
import type { Random } from '@dandan/shared/random';
import type { Engine } from '../autodiff/index.ts';
import { type TrainedStudent, trainStudent } from '../distill/train-student.ts';
import { trainStudentInBatches } from '../distill/train-student-in-batches.ts';
import type { EpochReport } from '../fit/fit.ts';
import type { GraphData } from '../graph/graph-data.ts';
import { accuracyOf, type ClassWeights } from '../metrics/accuracy.ts';
import type { FeatureProduct } from '../network/feature-product.ts';
import { glorotWeights } from '../network/weights.ts';
import { createStudent } from '../student/student.ts';
import { batchesOf } from './batches.ts';
import type { PreparedData } from './prepare.ts';
import type { TrainOptions } from './train-options.ts';
import { visiblePrior } from './visible-prior.ts';

export interface TrainSingleOptions {
  readonly graph: GraphData;
  readonly data: PreparedData;
  readonly options: TrainOptions;
  /** float32 [N, C]; `undefined` trains on the labels alone. */
  readonly teacherLogits: Float32Array | undefined;
  readonly random: Random;
  readonly onEpoch?: ((report: EpochReport) => void) | undefined;
  /** @default {one thread of the CPU} */
  readonly engine?: Engine | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Widths of its hidden layers: those of the last stage, so that it costs what that stage costs. */
export function singleWidths({ widths, hiddenLayers }: TrainOptions): number[] {
  return Array<number>(hiddenLayers).fill(widths[widths.length - 1]);
}

/** A plain MLP knows no teacher: where class shares are estimated, its own answers tell them. */
export function adaptSingle(
  trained: TrainedStudent,
  { graph, data, options }: Pick<TrainSingleOptions, 'graph' | 'data' | 'options'>,
): TrainedStudent & { readonly classWeights: ClassWeights } {
  if (options.classPrior === 'labelled') return { ...trained, classWeights: undefined };
  const { adapt, classWeights } = visiblePrior({ graph, data }, trained.logits);
  const { labels } = graph;
  const { validation } = data.split;
  const classes = graph.classes.length;
  const logits = adapt(trained.logits);
  const validationAccuracy = accuracyOf(logits, classes, labels, validation, classWeights);
  return { ...trained, logits, validationAccuracy, classWeights };
}

/**
 * Trains it with the students' hyper-parameters, the teacher's word alone (α = 0 there) and no
 * mixup.
 */
export function trainSingle(single: TrainSingleOptions): Promise<TrainedStudent> {
  const { graph, data, options, teacherLogits, random } = single;
  const common = {
    previous: undefined,
    structure: 'paper',
    widths: singleWidths(options),
    classes: graph.classes.length,
    inputDropout: options.inputDropout,
    dropout: options.dropout,
  } as const;
  const student = createStudent({ ...common, features: data.studentFeatures });
  const shared = {
    stage: 1,
    initial: glorotWeights(student.shapes, random.fork('weights')),
    labels: graph.labels,
    classes: graph.classes.length,
    split: data.split,
    teacherLogits,
    visible: data.taught,
    classWeights: teacherLogits && data.classWeights,
    mixup: undefined,
    hyper: { ...options.student, alpha: 0, beta: 0 },
    random,
    onEpoch: single.onEpoch,
    engine: single.engine,
    signal: single.signal,
  };
  const batches = batchesOf(options, data.studentRows);
  if (batches) {
    return trainStudentInBatches({ ...shared, ...batches, network: common, previous: undefined });
  }
  const on = (features: FeatureProduct) => createStudent({ ...common, features });
  return trainStudent({
    ...shared,
    student,
    validationStudent: on(data.validationFeatures),
    labelledStudent: on(data.labelledFeatures),
    parts: data.parts?.map(({ nodes, features }) => ({ nodes, student: on(features) })),
  });
}
