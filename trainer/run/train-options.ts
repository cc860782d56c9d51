// What a training run can be asked for, with defaults chosen on validation
// accuracy only (docs/decisions.md has the ablations).
import type { MixupSign } from '../distill/mixup-schedule.ts';
import type { StudentHyperParameters } from '../distill/train-student.ts';
import type { Structure } from '../student/student.ts';

export const TEACHERS = ['gcn'] as const;
export const STRUCTURES = ['paper', 'incremental'] as const;
export const SETTINGS = ['tran', 'ind'] as const;
export const SPLITS = ['random', 'public'] as const;
export const TEACHER_INPUTS = ['row', 'raw'] as const;

export type Setting = (typeof SETTINGS)[number];

/** Every choice that fixes the result of a run; stored in the bundle's provenance. */
export interface TrainOptions {
  readonly teacher: (typeof TEACHERS)[number];
  readonly structure: Structure;
  /** Hidden widths m_1..m_K; see `distillCascade`. */
  readonly widths: readonly number[];
  /** Hidden layers per student, each as wide as the units the student adds. */
  readonly hiddenLayers: number;
  /** `tran`: students see the teacher's output on all nodes; `ind`: held-out nodes are unseen. */
  readonly setting: Setting;
  readonly seed: number;
  /** `row`: sparse teacher features divided by their row sum; students read the raw values. */
  readonly teacherInput: (typeof TEACHER_INPUTS)[number];
  readonly teacherHidden: number;
  readonly teacherDepth: number;
  readonly teacherDropout: number;
  readonly teacherLearningRate: number;
  readonly teacherWeightDecay: number;
  readonly teacherMaxEpochs: number;
  readonly teacherPatience: number;
  readonly dropout: number;
  readonly student: StudentHyperParameters;
  readonly mixupSign: MixupSign;
  readonly mixupInitial: number;
  readonly mixupGamma: number;
  /** Certified promise: largest disagreement and the probability that it fails. */
  readonly alpha: number;
  readonly delta: number;
}

/** Share of K-th width of each stage of an incremental cascade: small first, each next larger. */
const INCREMENTAL_SHARES = { first: 0.25 };

/** Widths of K stages whose last is `hidden`: equal for `paper`, evenly growing for `incremental`. */
export function defaultWidths(structure: Structure, stages: number, hidden: number): number[] {
  return Array.from({ length: stages }, (_, index) => {
    if (structure === 'paper' || stages === 1) return hidden;
    const { first } = INCREMENTAL_SHARES;
    const share = first + ((1 - first) * index) / (stages - 1);
    return Math.round(hidden * share);
  });
}

export const DEFAULTS: Omit<TrainOptions, 'widths' | 'setting'> = {
  teacher: 'gcn',
  structure: 'incremental',
  hiddenLayers: 1,
  seed: 1,
  teacherInput: 'row',
  teacherHidden: 64,
  teacherDepth: 2,
  teacherDropout: 0.5,
  teacherLearningRate: 0.01,
  teacherWeightDecay: 5e-4,
  teacherMaxEpochs: 400,
  teacherPatience: 60,
  dropout: 0.3,
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
