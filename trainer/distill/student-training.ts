// What training one student takes.
import type { Random } from '@dandan/shared/random';
import type { Engine, Feeds } from '../autodiff/index.ts';
import type { EpochReport } from '../fit/fit.ts';
import type { Split } from '../graph/graph-data.ts';
import type { ClassWeights } from '../metrics/accuracy.ts';
import type { Weights } from '../network/weights.ts';
import type { Student } from '../student/student.ts';
import type { MixupSchedule } from './mixup-schedule.ts';
import type { MixupPairing } from './partners/pairing.ts';

/** The hyper-parameters one student is trained with. */
export interface StudentHyperParameters {
  readonly learningRate: number;
  /** L2 penalty on all weight matrices. */
  readonly weightDecay: number;
  /** α: weight of the labels against the teacher, 0..1. */
  readonly alpha: number;
  /** β: students further up weigh k^β. */
  readonly beta: number;
  /** Distillation temperature T. */
  readonly temperature: number;
  /** Weight of L_PMA; 0 leaves mixup out. */
  readonly mixupWeight: number;
  readonly maxEpochs: number;
  readonly patience: number;
}

/** A student over some of the rows. */
export interface StudentPart {
  readonly student: Student;
  /** The rows' nodes. */
  readonly nodes: Int32Array;
}

/** The student over rows that every step disturbs anew. */
export interface AugmentedStudents {
  readonly student: Student;
  /** Over the training rows alone. */
  readonly labelledStudent: Student;
  feeds(random: Random): Feeds;
}

export interface TrainStudentOptions {
  readonly student: Student;
  /**
   * The same student over the validation rows alone, in the order of `split.validation`:
   * early stopping then costs those rows instead of all.
   */
  readonly validationStudent?: Student | undefined;
  /** The same student over the training rows alone; used where nothing else is learnt from. */
  readonly labelledStudent?: Student | undefined;
  /**
   * The same student over parts of the visible rows: an epoch then takes a step for each, in
   * another order every time; needs `labelledStudent`. Without a teacher they are not used.
   */
  readonly parts?: readonly StudentPart[] | undefined;
  /** 1-based number k of the student. */
  readonly stage: number;
  readonly initial: Weights;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly split: Pick<Split, 'train' | 'validation'>;
  /** What a validation node of each class counts. */
  readonly classWeights?: ClassWeights;
  /** float32 [N, C]; `undefined` trains on the labels alone. */
  readonly teacherLogits: Float32Array | undefined;
  /** Nodes whose teacher output the student may see. */
  readonly visible: Int32Array;
  readonly mixup: MixupSchedule | undefined;
  /** @default {the labelled nodes, any with any} */
  readonly pairing?: MixupPairing | undefined;
  /** What training reads instead of the clean rows; never with `parts`. @default {the clean rows} */
  readonly augmented?: AugmentedStudents | undefined;
  readonly hyper: StudentHyperParameters;
  /** Decay of the running mean of the weights. @default {0} */
  readonly averaging?: number | undefined;
  readonly random: Random;
  readonly onEpoch?: ((report: EpochReport) => void) | undefined;
  /** @default {one thread of the CPU} */
  readonly engine?: Engine | undefined;
  readonly signal?: AbortSignal | undefined;
}
