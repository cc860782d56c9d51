// A student's input under disturbances: its rows, and what the stages before make of the same rows.
import type { Random } from '@dandan/shared/random';
import type { Expression, Feeds } from '../../autodiff/index.ts';
import { denseProduct, type FeatureProduct } from '../../network/feature-product.ts';
import type { Weights } from '../../network/weights.ts';
import type { HiddenInput, StudentOptions } from '../../student/student.ts';
import { createRowAugmenter } from './augment-rows.ts';
import { type Augmentation, strengthAt } from './augmentation.ts';
import { frozenStages } from './frozen-stages.ts';

/** Clean rows [rows, width] to what a student reads; `name` tells their feeds from others'. */
export type AugmentedInput = (
  x: Expression,
  name: string,
) => {
  readonly features: FeatureProduct;
  readonly previous: HiddenInput | undefined;
  feeds(random: Random): Feeds;
};

export interface AugmentedInputOptions {
  readonly augmentation: Augmentation;
  /** 1-based. */
  readonly stage: number;
  /** How many there will be. */
  readonly stages: number;
  /** Weights and networks of the stages before. */
  readonly before: readonly Weights[];
  readonly networks: readonly Omit<StudentOptions, 'features' | 'previous'>[];
  /** Fixes the disturbances that are drawn from. */
  readonly random: Random;
}

/** `undefined` where the stage reads clean rows. */
export function augmentedInput(options: AugmentedInputOptions): AugmentedInput | undefined {
  const { augmentation, stage, stages, before, networks, random } = options;
  const strength = strengthAt(augmentation, stage, stages);
  if (!strength) return undefined;
  const augment = createRowAugmenter({ ...augmentation, strength, random });
  return (clean, name) => {
    const { x, feeds } = augment(clean, `augment.${name}`);
    const features = denseProduct(x);
    return { features, previous: frozenStages({ stages: before, networks, features }), feeds };
  };
}
