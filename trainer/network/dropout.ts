// Inverted dropout by masks cut from a pool of random bytes: a step is fed one offset a mask.
import type { Random } from '@dandan/shared/random';
import { drawMaskOffset, type Expression, mask, multiply } from '../autodiff/index.ts';

/** A mask whose offset a training step must be fed. */
export interface DropoutMask {
  readonly name: string;
  readonly size: number;
  /** Share of entries that are dropped. */
  readonly rate: number;
}

/** How a forward pass treats dropout: collects masks while training, nothing in evaluation. */
export interface DropoutMode {
  apply(a: Expression, name: string, rate: number): Expression;
}

export const evaluationMode: DropoutMode = { apply: (a) => a };

/** Training mode; the masks of every `apply` gather in `masks`. */
export function trainingMode(masks: DropoutMask[]): DropoutMode {
  return {
    apply(a, name, rate) {
      if (rate === 0) return a;
      masks.push({ name, size: a.shape[0] * a.shape[1], rate });
      return multiply(a, mask(name, a.shape, rate));
    },
  };
}

/** The mode with its mask names apart from those of another forward pass. */
export const prefixed = (prefix: string, mode: DropoutMode): DropoutMode => ({
  apply: (a, name, rate) => mode.apply(a, `${prefix}.${name}`, rate),
});

/** Feeds of fresh masks. */
export function drawMasks(
  masks: readonly DropoutMask[],
  random: Random,
): Record<string, Int32Array> {
  return Object.fromEntries(masks.map(({ name }) => [name, Int32Array.of(drawMaskOffset(random))]));
}
