// A running mean of the weights of past epochs. Steps on small batches leave every epoch's
// weights a little off to some side; their mean is off less (Polyak & Juditsky 1992), and
// early stopping picks less luck.
import type { Weights } from '../network/weights.ts';

export interface WeightAverage {
  /** Takes the weights of one more epoch. @returns the mean so far; the next call changes it. */
  add(weights: Weights): Weights;
}

/**
 * w̄ ← d w̄ + (1 − d) w, and the plain mean of the epochs so far while that weighs them more
 * evenly: the first epochs count no more than later ones.
 *
 * @param decay d, 0..1; 0 keeps the latest weights, 1 is the plain mean of all.
 */
export function createWeightAverage(decay: number): WeightAverage {
  let mean: Weights | undefined;
  let epochs = 0;
  return {
    add(weights) {
      epochs++;
      const kept = Math.min(decay, 1 - 1 / epochs);
      mean = Object.fromEntries(
        Object.entries(weights).map(([name, values]) => {
          const before = mean?.[name];
          if (!before) return [name, values.slice()];
          for (let i = 0; i < values.length; i++) {
            before[i] = kept * before[i] + (1 - kept) * values[i];
          }
          return [name, before];
        }),
      );
      return mean;
    },
  };
}
