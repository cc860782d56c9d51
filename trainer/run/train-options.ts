// What a training run can be asked for, with defaults chosen on validation
// accuracy only (docs/decisions.md has the ablations).
import type { Promises } from '../certify/promise.ts';
import type { AugmentSchedule } from '../distill/augment/augmentation.ts';
import type { Targets } from '../distill/choose-targets.ts';
import type { MixupSign } from '../distill/mixup-schedule.ts';
import type { MixupPartners, MixupRows } from '../distill/partners/partner-rules.ts';
import type { StudentHyperParameters } from '../distill/train-student.ts';
import type { ClassPrior } from '../prior/adapt-prior.ts';
import type { InputScaling } from '../quantise/column-scale.ts';
import type { Structure } from '../student/student.ts';
import { TEACHERS, type TeacherKind } from '../teacher/create-teacher.ts';
import type { TeacherInput } from '../teacher/scale-input.ts';

export const STRUCTURES = ['paper', 'incremental', 'additive'] as const;
export const SETTINGS = ['tran', 'ind'] as const;
export const SPLITS = ['random', 'public'] as const;

export type Setting = (typeof SETTINGS)[number];

/** What `--teacher` takes: one network, or the mean of several. */
export const TEACHER_CHOICES = [...TEACHERS, 'ensemble'] as const;
export type TeacherChoice = (typeof TEACHER_CHOICES)[number];

/** The networks of `ensemble`: the three teachers of the paper, which err on different nodes. */
export const ENSEMBLE = ['gcn', 'gat', 'sage'] as const satisfies readonly TeacherKind[];

/** Rules of mixup for rows that come from a plant. */
export interface MixupPairs {
  readonly partners: MixupPartners;
  readonly rows: MixupRows;
  /** Partners are windows of the same asset, at most so many apart; 0: of any time. */
  readonly windows: number;
  /** Lists of classes of which no two are mixed. */
  readonly exclusive: readonly (readonly string[])[];
}

/** Noise and drift in deviations of the columns, drop-out as a share; see `Augmentation`. */
export interface AugmentationOptions {
  readonly noise: number;
  readonly dropout: number;
  readonly drift: number;
  readonly schedule: AugmentSchedule;
}

/** Every choice that fixes the result of a run; stored in the bundle's provenance. */
export interface TrainOptions {
  /** `file`: trained elsewhere, with the logits of `teacherLogits`. */
  readonly teacher: TeacherChoice | 'file';
  /** The networks of teacher `ensemble`. */
  readonly teacherMembers?: readonly TeacherMember[];
  /** SHA-256 of the file that teacher `file` came from. */
  readonly teacherLogits?: string;
  readonly structure: Structure;
  /** Hidden widths m_1..m_K; see `distillCascade`. */
  readonly widths: readonly number[];
  /** Hidden layers per student, each as wide as the units the student adds. */
  readonly hiddenLayers: number;
  /** What the students of a cascade learn from. */
  readonly targets: Targets;
  /** `tran`: students see the teacher's output on all nodes; `ind`: held-out nodes are unseen. */
  readonly setting: Setting;
  readonly seed: number;
  /** a of X' = (1 − a) X + a N, 0..1; see `withFeatureNoise`. */
  readonly featureNoise: number;
  /** Class shares that all answers assume; see `adaptPrior`. */
  readonly classPrior: ClassPrior;
  /** Nodes per class of a random split, where other than 20 and 30. */
  readonly labelsPerClass?: number;
  readonly validationPerClass?: number;
  /** How dense features are scaled to the codes that all models read, where other than `standard`. */
  readonly inputScaling?: InputScaling;
  /** How sparse features are scaled for the teacher; students read the raw values. */
  readonly teacherInput: TeacherInput;
  /** Width of the teacher's hidden layers, all heads together. */
  readonly teacherHidden: number;
  readonly teacherDepth: number;
  /** Only `gat` has heads; those of the output layer are averaged. */
  readonly teacherHeads: number;
  readonly teacherOutputHeads: number;
  readonly teacherDropout: number;
  /** Dropout on the attention coefficients of `gat`. */
  readonly teacherAttentionDropout: number;
  readonly teacherLearningRate: number;
  readonly teacherWeightDecay: number;
  readonly teacherMaxEpochs: number;
  readonly teacherPatience: number;
  /**
   * Rows of a step of the students and of teacher `sign`; other teachers step over the whole
   * graph. Dense rows are drawn anew for every step, and epochs and patience count steps;
   * sparse ones are cut once, and an epoch takes a step for each part. 0: every epoch is one
   * step over all rows.
   */
  readonly batch: number;
  /** R: students read the mean of X over R hops of the graph; 0: their own x. See `meanOverHops`. */
  readonly propagation: number;
  /** Coordinates of a node's place in the graph that students read; see `positionFeatures`. */
  readonly positions: number;
  /** Share of x that training hides from the students. */
  readonly inputDropout: number;
  readonly dropout: number;
  /**
   * Decay of the running mean of the weights over the epochs, of the students of a cascade;
   * 0: none. Baselines are trained as published, without.
   */
  readonly averaging: number;
  /**
   * Weight of the loss that teaches early stages when to stop; see `tuneHeads`. 0 leaves it out.
   */
  readonly gatekeeper: number;
  readonly student: StudentHyperParameters;
  readonly mixupSign: MixupSign;
  readonly mixupInitial: number;
  readonly mixupGamma: number;
  /** Which nodes mixup pairs. @default {the labelled ones, any with any} */
  readonly mixupPairs?: MixupPairs;
  /** What a cascade's students meet in training. @default {rows as they are} */
  readonly augmentation?: AugmentationOptions;
  /** Certified promises and the probability that one fails. */
  readonly alpha: number;
  readonly worstClass?: Promises['worstClass'];
  readonly escalation?: Promises['escalation'];
  readonly delta: number;
}

/** The options that say what a network is and how it is trained. */
export const NETWORK_OPTIONS = [
  'teacherInput',
  'teacherHidden',
  'teacherDepth',
  'teacherHeads',
  'teacherOutputHeads',
  'teacherAttentionDropout',
  'teacherDropout',
  'teacherLearningRate',
  'teacherWeightDecay',
  'teacherMaxEpochs',
  'teacherPatience',
] as const satisfies readonly (keyof TrainOptions)[];

type NetworkOptions = Pick<TrainOptions, (typeof NETWORK_OPTIONS)[number]>;

/** One network of an ensemble. */
export type TeacherMember = { readonly teacher: TeacherKind } & NetworkOptions;

type TeacherSettings = Pick<
  TrainOptions,
  | 'teacherDropout'
  | 'teacherLearningRate'
  | 'teacherWeightDecay'
  | 'teacherMaxEpochs'
  | 'teacherPatience'
>;

/** As in the papers; what a data set wants instead is in `reproduce/settings`. */
export const TEACHER_DEFAULTS: Readonly<Record<TeacherChoice, TeacherSettings>> = {
  /** Kipf & Welling 2017, Section 5.2. */
  gcn: {
    teacherDropout: 0.5,
    teacherLearningRate: 0.01,
    teacherWeightDecay: 5e-4,
    teacherMaxEpochs: 400,
    teacherPatience: 60,
  },
  /** Veličković et al. 2018, Section 3.3, which also has 8 heads of 8 units and one of output. */
  gat: {
    teacherDropout: 0.6,
    teacherLearningRate: 0.005,
    teacherWeightDecay: 5e-4,
    teacherMaxEpochs: 1000,
    teacherPatience: 100,
  },
  /** Hamilton et al. 2017 search the rate only; dropout and penalty are those of the GCN. */
  sage: {
    teacherDropout: 0.5,
    teacherLearningRate: 0.01,
    teacherWeightDecay: 5e-4,
    teacherMaxEpochs: 400,
    teacherPatience: 60,
  },
  /** As the GCN, whose features it propagates beforehand. */
  sign: {
    teacherDropout: 0.5,
    teacherLearningRate: 0.01,
    teacherWeightDecay: 5e-4,
    teacherMaxEpochs: 400,
    teacherPatience: 60,
  },
  /** Those of a member that has none of its own. */
  ensemble: {
    teacherDropout: 0.5,
    teacherLearningRate: 0.01,
    teacherWeightDecay: 5e-4,
    teacherMaxEpochs: 400,
    teacherPatience: 60,
  },
};

export const DEFAULTS: Omit<
  TrainOptions,
  | 'widths'
  | 'setting'
  | 'teacherLogits'
  | 'teacherMembers'
  | 'inputScaling'
  | 'labelsPerClass'
  | 'validationPerClass'
> = {
  teacher: 'gcn',
  structure: 'additive',
  hiddenLayers: 1,
  targets: 'teacher',
  seed: 1,
  featureNoise: 0,
  classPrior: 'labelled',
  batch: 0,
  teacherInput: 'unit',
  teacherHidden: 64,
  teacherDepth: 2,
  teacherHeads: 8,
  teacherOutputHeads: 1,
  teacherAttentionDropout: 0.6,
  ...TEACHER_DEFAULTS.gcn,
  propagation: 0,
  positions: 0,
  inputDropout: 0,
  dropout: 0.3,
  averaging: 0,
  gatekeeper: 0.3,
  student: {
    learningRate: 0.01,
    weightDecay: 5e-5,
    alpha: 0,
    beta: 0,
    temperature: 1,
    mixupWeight: 0.1,
    maxEpochs: 500,
    patience: 100,
  },
  mixupSign: 'printed',
  mixupInitial: 0.1,
  mixupGamma: 0.1,
  alpha: 0.01,
  delta: 0.1,
};
