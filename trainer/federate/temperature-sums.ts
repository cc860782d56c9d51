// Negative log-likelihoods of labelled rows over a grid of temperatures: sums that many sites can
// add, and of which the sum has its minimum where one fit on all rows has it.
import { type Cascade, stageProbabilities } from '@dandan/shared/cascade';
import type { QuantisedRows } from '@dandan/shared/kernel';
import { crossEntropyOf } from '../metrics/accuracy.ts';
import { LOG_TEMPERATURES } from './grids.ts';

/** Below the smallest float32: a probability of 0 has no logarithm. */
const SMALLEST_PROBABILITY = 1e-45;

/** Thousandths of a nat. */
const ROUNDING = 1000;

/** Logits of a bundle's stages up to a constant per row, which no softmax notices. */
export function stageLogits(cascade: Cascade, rows: QuantisedRows): Float32Array[] {
  return stageProbabilities(cascade, rows).map((probabilities, k) => {
    const { temperature } = cascade.manifest.stages[k];
    return probabilities.map(
      (probability) => temperature * Math.log(Math.max(SMALLEST_PROBABILITY, probability)),
    );
  });
}

export interface TemperatureSumsOptions {
  readonly cascade: Cascade;
  readonly rows: QuantisedRows;
  /** int32 [rows.count]. */
  readonly labels: Int32Array;
}

/** [stages][grid], thousandths of a nat, summed over the rows. */
export function temperatureSums({ cascade, rows, labels }: TemperatureSumsOptions): number[][] {
  const classes = cascade.manifest.classes.length;
  const nodes = Int32Array.from(labels, (_, i) => i);
  return stageLogits(cascade, rows).map((logits) =>
    LOG_TEMPERATURES.map((logTemperature) => {
      const factor = Math.exp(-logTemperature);
      const scaled = logits.map((value) => value * factor);
      const mean = crossEntropyOf(scaled, classes, labels, nodes);
      return Math.round(ROUNDING * mean * rows.count);
    }),
  );
}
