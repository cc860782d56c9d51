// Inverted dropout by masks fed at every step: in-graph random operators are
// slow in onnxruntime (158 ms for 21.7 M draws) and cannot be reseeded.
import type { Random } from '@dandan/shared/random';
import { type Expression, input, multiply } from '../autodiff/index.ts';

/** A mask that a training step must be fed. */
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
      return multiply(a, input(name, a.shape));
    },
  };
}

/** Fresh masks: 0 with probability `rate`, else 1 / (1 − rate). */
export function drawMasks(
  masks: readonly DropoutMask[],
  random: Random,
): Record<string, Float32Array> {
  return Object.fromEntries(
    masks.map(({ name, size, rate }) => {
      const kept = 1 / (1 - rate);
      const mask = new Float32Array(size);
      for (let i = 0; i < size; i++) mask[i] = random.next() < rate ? 0 : kept;
      return [name, mask];
    }),
  );
}
