// Small made-up models and rows to try kernels on.
import type { Stage } from '../../bundle/bundle.ts';
import type { Layer, QuantisedRows } from '../../kernel/index.ts';
import { createRandom, type Random } from '../../random/index.ts';
import type { CascadeModel, RowBlock } from './row-block.ts';

/** Extremes beside middling weights: sums of two products reach ±32,258, the end of int16. */
function randomLayer(random: Random, inputs: number, outputs: number): Layer {
  const weight = Int8Array.from({ length: inputs * outputs }, (_, i) =>
    i % 3 === 0 ? 127 * (random.below(2) * 2 - 1) : random.below(255) - 127,
  );
  return {
    inputs,
    outputs,
    weight,
    bias: Int32Array.from({ length: outputs }, () => random.below(4001) - 2000),
    scale: Float32Array.from({ length: outputs }, () => (0.02 + 0.02 * random.next()) / inputs),
  };
}

export interface Trial {
  readonly model: CascadeModel;
  readonly rows: QuantisedRows;
}

export interface TrialOptions {
  readonly width: number;
  /** Hidden units that each of two incremental stages adds. */
  readonly units: number;
  readonly count: number;
  readonly sparse: boolean;
}

/** Two incremental stages of two hidden layers each. */
export function createTrial({ width, units, count, sparse }: TrialOptions): Trial {
  const random = createRandom(width + units);
  const classes = 5;
  const stages: Stage[] = [0, units].map((read) => ({
    hidden: [randomLayer(random, width + read, units), randomLayer(random, units, units)],
    head: randomLayer(random, read + units, classes),
    inverseTemperature: Math.fround(0.7),
  }));
  const model = { input: { width, sparse }, structure: 'incremental' as const, classes, stages };
  const codes = Uint8Array.from({ length: count * width }, () =>
    random.below(3) === 0 ? 127 : 1 + random.below(127),
  );
  if (!sparse) return { model, rows: { kind: 'dense', count, width, codes } };
  const entries = { indices: Int32Array.from(codes, (_, e) => e % width), codes };
  const offsets = Int32Array.from({ length: count + 1 }, (_, i) => i * width);
  return { model, rows: { kind: 'sparse', count, width, offsets, ...entries } };
}

/** Runs all rows of a trial, which must fit into `block`, through all stages. */
export function runTrial(block: RowBlock, { model, rows }: Trial): void {
  const taken = block.load(rows, 0);
  for (let stage = 0; stage < model.stages.length; stage++) block.step(stage, taken);
}
