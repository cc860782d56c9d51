// PTS (ProGMLP Eq. 1–2): students trained one after the other, each starting
// from its predecessor's weights and reading its hidden activations.
import type { FloatRows } from '@dandan/shared/kernel';
import type { Random } from '@dandan/shared/random';
import type { Engine } from '../autodiff/index.ts';
import type { EpochReport } from '../fit/fit.ts';
import type { Adjacency, Split } from '../graph/graph-data.ts';
import type { ClassWeights } from '../metrics/accuracy.ts';
import type { FeatureProduct } from '../network/feature-product.ts';
import { rowsAt } from '../network/rows-at.ts';
import type { Weights } from '../network/weights.ts';
import {
  createStudent,
  type HiddenMatrix,
  type Structure,
  type StudentOptions,
} from '../student/student.ts';
import type { Augmentation } from './augment/augmentation.ts';
import { augmentedInput } from './augment/augmented-input.ts';
import { augmentedStudents } from './augment/augmented-students.ts';
import { chooseTargets, type Targets } from './choose-targets.ts';
import { hiddenAfter, startingWeights } from './hand-on.ts';
import { createMixupSchedule, type MixupScheduleOptions } from './mixup-schedule.ts';
import type { MixupPairing } from './partners/pairing.ts';
import { type StudentHyperParameters, type TrainedStudent, trainStudent } from './train-student.ts';
import { trainStudentInBatches } from './train-student-in-batches.ts';

/** X of some nodes. */
export interface FeaturePart {
  readonly nodes: Int32Array;
  readonly features: FeatureProduct;
}

export interface DistillOptions {
  readonly features: FeatureProduct;
  /** The rows of `features` at `split.validation`, in that order. @default {all rows are evaluated} */
  readonly validationFeatures?: FeatureProduct;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly split: Pick<Split, 'train' | 'validation'>;
  /** What a validation node of each class counts. */
  readonly classWeights?: ClassWeights;
  readonly visible: Int32Array;
  readonly teacherLogits: Float32Array;
  /** `progressive` needs the graph that training may see. @default {the teacher for all} */
  readonly targets?: { readonly kind: Targets; readonly adjacency: Adjacency };
  readonly structure: Structure;
  /**
   * Hidden widths m_1..m_K. `paper`: H_k has m_k units, all equal; otherwise stages 1..k
   * have m_k units in total, so student k adds m_k − m_{k−1}.
   */
  readonly widths: readonly number[];
  /** Hidden layers per student, each as wide as the units the student adds. @default {1} */
  readonly hiddenLayers?: number;
  /** Share of x that training hides from the students. @default {0} */
  readonly inputDropout?: number;
  /** Of the hidden units; less where an additive student adds few. */
  readonly dropout: number;
  /** Decay of the running mean of the weights. @default {0} */
  readonly averaging?: number;
  readonly mixup: MixupScheduleOptions;
  /** @default {the labelled nodes, any with any} */
  readonly pairing?: MixupPairing | undefined;
  /** Disturbs the rows that students learn on, with X of all nodes, which must be dense. */
  readonly augmentation?: (Augmentation & { readonly rows: FloatRows }) | undefined;
  readonly hyper: StudentHyperParameters;
  /** X of the training rows alone; goes with `parts`. */
  readonly labelledFeatures?: FeatureProduct | undefined;
  /** X of parts of the visible rows: an epoch takes a step for each. */
  readonly parts?: readonly FeaturePart[] | undefined;
  /** Trains batch by batch: rows of a batch, and X of all nodes, which must be dense. */
  readonly batches?: { readonly batch: number; readonly rows: FloatRows } | undefined;
  readonly random: Random;
  /** Weights, by stage, that the students start half-way from. @default {fresh ones, see `startingWeights`} */
  readonly initial?: readonly Weights[] | undefined;
  /** Already trained students to go on from, as after an interruption. */
  readonly restored?: readonly DistilledStage[];
  onStageStart?(stage: number): void;
  onStage?(stage: DistilledStage): Promise<void>;
  onEpoch?(stage: number, report: EpochReport): void;
  /** @default {one thread of the CPU} */
  readonly engine?: Engine | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One trained student with what its successor and the quantiser need. */
export interface DistilledStage extends TrainedStudent {
  readonly stage: number;
  /** λ_k the student was trained with, and ℓ̄'s effect on the next. */
  readonly lambda: number;
  readonly nextLambda: number;
}

/**
 * Students that start from weights which are already good generalise worse than fresh ones; weights
 * that are shrunk and disturbed do not (Ash & Adams 2020). Half of each: see docs/decisions.md.
 */
function halfWay(warm: Weights | undefined, fresh: Weights): Weights {
  if (warm === undefined) return fresh;
  return Object.fromEntries(
    Object.entries(fresh).map(([name, values]) => [
      name,
      values.map((value, i) => (value + warm[name][i]) / 2),
    ]),
  );
}

/**
 * A layer this wide stands the full dropout. Hiding 30 % of 16 units cost them 2.3 points of
 * validation accuracy on Photo and 1.3 on Computers, four seeds, hiding 8 % none.
 */
const FULL_DROPOUT_UNITS = 64;

/** Dropout of a student's own units. The published structure has the published dropout. */
const dropoutOf = ({ structure, dropout }: DistillOptions, own: number): number =>
  structure === 'additive' ? dropout * Math.min(1, own / FULL_DROPOUT_UNITS) : dropout;

export async function distillCascade(options: DistillOptions): Promise<DistilledStage[]> {
  const { structure, widths, features, validationFeatures, random } = options;
  const { hiddenLayers = 1, restored = [] } = options;
  const stages: DistilledStage[] = [];
  const networks: Omit<StudentOptions, 'features' | 'previous'>[] = [];
  let previous: HiddenMatrix | undefined;
  let lambda = options.mixup.initial;
  for (let stage = 1; stage <= widths.length; stage++) {
    const before = structure !== 'paper' && stage > 1 ? widths[stage - 2] : 0;
    const own = widths[stage - 1] - before;
    const common = {
      structure,
      widths: Array<number>(hiddenLayers).fill(own),
      classes: options.classes,
      inputDropout: options.inputDropout,
      dropout: dropoutOf(options, own),
    };
    networks.push(common);
    const student = createStudent({ ...common, features, previous });
    /** The same student over some rows. */
    const on = (rows: FeatureProduct, nodes: Int32Array) =>
      createStudent({
        ...common,
        features: rows,
        previous: previous && {
          width: previous.width,
          values: rowsAt(previous.values, previous.width, nodes),
        },
      });
    let trained = restored[stage - 1];
    if (!trained) {
      options.onStageStart?.(stage);
      const mixup = createMixupSchedule({
        ...options.mixup,
        ...(lambda !== undefined && { initial: lambda }),
      });
      const used = mixup.lambda;
      const stream = random.fork(`stage ${stage}`);
      const studentLogits = stages.map(({ logits }) => logits);
      const { targets } = options;
      const { parts, augmentation, ...rest } = options;
      const input =
        augmentation &&
        augmentedInput({
          augmentation,
          stage,
          stages: widths.length,
          before: stages.map(({ weights }) => weights),
          networks,
          random: stream.fork('disturbances'),
        });
      const shared = {
        ...rest,
        teacherLogits:
          targets?.kind === 'progressive'
            ? chooseTargets({ ...options, studentLogits, adjacency: targets.adjacency })
            : options.teacherLogits,
        stage,
        mixup,
        random: stream,
        initial: halfWay(
          options.initial?.[stage - 1],
          startingWeights(
            structure,
            student.shapes,
            stages[stage - 2]?.weights,
            stream.fork('weights'),
          ),
        ),
        onEpoch: (report: EpochReport) => options.onEpoch?.(stage, report),
      };
      const result = options.batches
        ? await trainStudentInBatches({
            ...shared,
            ...options.batches,
            network: common,
            previous,
            augmentation: input,
          })
        : await trainStudent({
            ...shared,
            student,
            augmented:
              input &&
              augmentedStudents({
                input,
                network: common,
                rows: augmentation.rows,
                train: options.split.train,
              }),
            validationStudent:
              validationFeatures && on(validationFeatures, options.split.validation),
            labelledStudent:
              options.labelledFeatures && on(options.labelledFeatures, options.split.train),
            parts: parts?.map(({ nodes, features: rows }) => ({
              nodes,
              student: on(rows, nodes),
            })),
          });
      mixup.nextStudent();
      trained = { ...result, stage, lambda: used, nextLambda: mixup.lambda };
      await options.onStage?.(trained);
    }
    stages.push(trained);
    lambda = trained.nextLambda;
    previous = hiddenAfter(structure, features.count, previous, trained);
  }
  return stages;
}
