// What a search may vary: options of `dandan train` and the values each may take.
import { TARGETS } from '../distill/choose-targets.ts';
import { STRUCTURES } from '../run/train-options.ts';
import { TEACHER_INPUTS } from '../teacher/scale-input.ts';

export type ParameterValue = number | string | boolean;

export interface Choice {
  readonly kind: 'choice';
  readonly values: readonly ParameterValue[];
}

export interface Range {
  readonly kind: 'range';
  readonly minimum: number;
  readonly maximum: number;
  /** `log` draws every power of ten alike; its minimum is above 0. */
  readonly scale: 'linear' | 'log';
  readonly whole: boolean;
}

export type Dimension = Choice | Range;

/** By option name in camel case, as in a configuration file. */
export type Space = Readonly<Record<string, Dimension>>;

/** One point of a space. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

const choice = (...values: ParameterValue[]): Choice => ({ kind: 'choice', values });

/** The search space that ProGMLP states (Lu et al., AAAI-26, experimental setup). */
const paper: Space = {
  learningRate: choice(0.001, 0.002, 0.005, 0.01, 0.02, 0.05),
  hidden: choice(16, 32, 64, 128, 256, 512),
  weightDecay: choice(5e-4, 5e-5, 5e-7, 5e-9),
  dropout: choice(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
  teacherDepth: choice(2, 3),
  stages: choice(2, 3, 4, 5, 6),
};

/** The paper's, and what it holds constant or calls sensitive. */
const wide: Space = {
  ...paper,
  labelWeight: choice(0, 0.1, 0.3, 0.5, 0.7),
  temperature: choice(0.5, 1, 2, 4),
  mixupWeight: choice(0, 0.01, 0.1, 1),
  mixupSign: choice('printed', 'prose'),
  structure: choice(...STRUCTURES),
  targets: choice(...TARGETS),
  inputDropout: choice(0, 0.3, 0.6),
  averaging: choice(0, 0.7),
  teacherInput: choice(...TEACHER_INPUTS),
};

/** Spaces by the name that `--space` takes. */
export const SPACES = { paper, wide } as const;

export type SpaceName = keyof typeof SPACES;

export const isSpaceName = (text: string): text is SpaceName => Object.hasOwn(SPACES, text);

/** Number of points; infinite as soon as one dimension is a range of real numbers. */
export function sizeOf(space: Space): number {
  const sizes = Object.values(space).map((dimension) => {
    if (dimension.kind === 'choice') return dimension.values.length;
    return dimension.whole ? dimension.maximum - dimension.minimum + 1 : Number.POSITIVE_INFINITY;
  });
  return sizes.reduce((product, size) => product * size, 1);
}
