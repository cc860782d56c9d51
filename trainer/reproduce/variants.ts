// What a table changes about a method: ablations, one hyper-parameter at a time,
// noise, widths. A variant is a change of options and nothing else.
import type { TrainOptions } from '../run/train-options.ts';
import { defaultWidths } from '../student/widths.ts';
import type { CellMethod } from './cell.ts';
import { withOverrides } from './settings.ts';

/** What a variant may go by of a set. */
export interface VariantSet {
  readonly classes: readonly string[];
  /** Whether nodes are windows of machines. */
  readonly isPlant?: true;
}

export interface Variant {
  /** Stable name, e.g. `default` or `alpha=0.5`. */
  readonly name: string;
  /** What varies, for the axis of a plot. */
  readonly parameter?: string;
  readonly value?: number;
  /** The method that is run for a column's method. @default {the column's} */
  readonly method?: CellMethod;
  /** Methods it applies to. @default {all of the table's} */
  readonly only?: readonly CellMethod[];
  change(options: TrainOptions, set: VariantSet): TrainOptions;
}

export const DEFAULT_VARIANT: Variant = { name: 'default', change: (options) => options };

type StudentOption = keyof TrainOptions['student'];

const student = (name: string, key: StudentOption, value: number): Variant => ({
  name,
  parameter: key,
  value,
  change: (options) => withOverrides(options, { student: { [key]: value } }),
});

/** Mixup weight of "all on" where the recommended one is 0: the default of `dandan train`. */
const MIXUP_WEIGHT = 0.1;

export const withMixup = (options: TrainOptions) =>
  options.student.mixupWeight > 0
    ? options
    : withOverrides(options, { student: { mixupWeight: MIXUP_WEIGHT } });

/**
 * Figure 5: the three components in turn. Without PTS the students are independent, of the
 * same widths and losses; without PKD they see labels only (α = 1); without PMA, no mixup.
 */
export const ABLATIONS: readonly Variant[] = [
  { name: 'all on', change: withMixup },
  { name: 'without PTS', method: 'progmlp-independent', change: withMixup },
  {
    name: 'without PKD',
    change: (options) => withOverrides(withMixup(options), { student: { alpha: 1 } }),
  },
  {
    name: 'without PMA',
    change: (options) => withOverrides(options, { student: { mixupWeight: 0 } }),
  },
];

const range = (values: readonly number[], variant: (value: number) => Variant) =>
  values.map(variant);

/** Widths of a cascade with another number of students, its last as wide as before. */
function withStudents(options: TrainOptions, students: number): TrainOptions {
  const last = options.widths[options.widths.length - 1];
  return { ...options, widths: defaultWidths('incremental', students, last) };
}

/** Figure 6: one hyper-parameter at a time, the others as recommended. */
export const SENSITIVITY: readonly Variant[] = [
  ...range([0, 0.1, 0.3, 0.5, 0.7, 0.9, 1], (value) => student(`alpha=${value}`, 'alpha', value)),
  ...range([0, 0.5, 1, 2, 3], (value) => student(`beta=${value}`, 'beta', value)),
  ...range([0.01, 0.05, 0.1, 0.2, 0.5], (value) => ({
    name: `gamma=${value}`,
    parameter: 'gamma',
    value,
    change: (options) => ({ ...withMixup(options), mixupGamma: value }),
  })),
  ...range([2, 3, 4, 5, 6], (value) => ({
    name: `students=${value}`,
    parameter: 'students',
    value,
    change: (options) => withStudents(options, value),
  })),
];

/** Figure 3: a single distilled MLP of each width that the incremental staircase passes through. */
const STAIRS: readonly Variant[] = [1, 2, 3].map((stage) => ({
  name: `width of stage ${stage}`,
  parameter: 'stage',
  value: stage,
  only: ['glnn'],
  change: (options) => {
    const { widths } = options;
    const stairs = defaultWidths('incremental', 4, widths[widths.length - 1]);
    return { ...options, widths: [stairs[stage - 1]] };
  },
}));

/** The additive one begins with half of the incremental one's first, and shares what follows. */
export const EIGHTH: Variant = {
  name: 'width of additive stage 1',
  parameter: 'stage',
  value: 0.5,
  only: ['glnn'],
  change: (options) => {
    const { widths } = options;
    return {
      ...options,
      widths: defaultWidths('additive', 4, widths[widths.length - 1]).slice(0, 1),
    };
  },
};

export const WIDTHS: readonly Variant[] = [EIGHTH, ...STAIRS];

/** Training labels per class; validation keeps its own. */
const LABEL_COUNTS = [5, 10, 20, 40, 80];
/** That of the random 20/30 protocol, and so the cell of every other table. */
const USUAL_LABELS = 20;

/** How many labels a teacher and its students need. */
export const LABELS: readonly Variant[] = range(LABEL_COUNTS, (value) => ({
  name: value === USUAL_LABELS ? DEFAULT_VARIANT.name : `labels=${value}`,
  parameter: 'labels',
  value,
  change: (options) => (value === USUAL_LABELS ? options : { ...options, labelsPerClass: value }),
}));

/** What the default cascade has for the sake of early exit, taken away. */
export const EXITS: readonly Variant[] = [
  {
    name: 'without gatekeeper',
    only: ['progmlp-additive'],
    change: (options) => ({ ...options, gatekeeper: 0 }),
  },
  {
    name: 'evenly growing',
    only: ['progmlp-additive'],
    change: (options) => ({ ...options, structure: 'additive' }),
  },
];

/** What students may read beside their own x. */
export const INPUTS: readonly Variant[] = [
  ...range([1, 2], (value) => ({
    name: `propagation=${value}`,
    change: (options) => ({ ...options, propagation: value }),
  })),
  { name: 'positions=16', change: (options) => ({ ...options, positions: 16 }) },
];

/** a of X' = (1 − a) X + a N. */
const NOISE_LEVELS = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** Noise on what teacher and students read. 0 is the cell of every other table. */
export const NOISE: readonly Variant[] = range(NOISE_LEVELS, (value) => ({
  name: value === 0 ? DEFAULT_VARIANT.name : `noise=${value}`,
  parameter: 'noise',
  value,
  change: (options) => ({ ...options, featureNoise: value }),
}));
