// Made-up cascades of every shape a kernel could get wrong, each fixed by a seed: sizes of 1 and
// around 4, 8, 16 and 32, weights and codes at the ends of their ranges, biases that overflow.
import type { Stage } from '../bundle/index.ts';
import type { CascadeModel } from '../cascade/block/row-block.ts';
import type { Layer, QuantisedRows } from '../kernel/index.ts';
import { createRandom, type Random } from '../random/index.ts';

const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 48, 70];

const pick = <T>(random: Random, values: readonly T[]): T => values[random.below(values.length)];

type Extremes = 'none' | 'some' | 'all';

function randomWeight(random: Random, extremes: Extremes): number {
  if (extremes === 'all' || (extremes === 'some' && random.below(4) === 0)) {
    return random.below(2) * 254 - 127;
  }
  return random.below(255) - 127;
}

function randomLayer(random: Random, inputs: number, outputs: number, extremes: Extremes): Layer {
  // Sums of random signs grow with the root of their number; so do those that a layer learns.
  const gain = 2 / (127 * Math.sqrt(inputs));
  return {
    inputs,
    outputs,
    weight: Int8Array.from({ length: inputs * outputs }, () => randomWeight(random, extremes)),
    bias: Int32Array.from({ length: outputs }, () =>
      extremes !== 'none' && random.below(50) === 0
        ? pick(random, [-(2 ** 31), 2 ** 31 - 1])
        : random.below(20_001) - 10_000,
    ),
    scale: Float32Array.from({ length: outputs }, () => gain * (0.1 + random.next())),
  };
}

export interface RandomCase {
  readonly model: CascadeModel;
  readonly rows: QuantisedRows;
  /** Share of rows that a test should stop after each stage. */
  readonly stop: number;
}

function randomRows(random: Random, width: number, sparse: boolean, extremes: Extremes) {
  const count = 1 + random.below(pick(random, [1, 4, 9, 80]));
  const code = () => (extremes === 'all' ? 127 : 1 + random.below(127));
  if (!sparse) {
    const codes = Uint8Array.from({ length: count * width }, () =>
      random.below(3) === 0 ? 0 : code(),
    );
    return { kind: 'dense', count, width, codes } as const;
  }
  const offsets = new Int32Array(count + 1);
  const indices: number[] = [];
  const density = 1 + random.below(6);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < width; j++) if (random.below(density) === 0) indices.push(j);
    offsets[i + 1] = indices.length;
  }
  const codes = Uint8Array.from(indices, code);
  return {
    kind: 'sparse',
    count,
    width,
    offsets,
    indices: Int32Array.from(indices),
    codes,
  } as const;
}

/** The cascade and rows of `seed`. */
export function randomCase(seed: number): RandomCase {
  const random = createRandom(seed).fork('random-case');
  const extremes = pick(random, ['none', 'some', 'all'] as const);
  const structure = pick(random, ['paper', 'incremental', 'additive'] as const);
  const sparse = random.below(2) === 0;
  const width = pick(random, SIZES);
  const classes = pick(random, [2, 3, 4, 5, 8, 9, 40]);
  const stages: Stage[] = [];
  let read = 0;
  for (let k = 0; k <= random.below(4); k++) {
    const units = Array.from({ length: 1 + random.below(3) }, () => pick(random, SIZES));
    let inputs = structure === 'additive' ? width : width + read;
    const hidden = units.map((outputs) => {
      const layer = randomLayer(random, inputs, outputs, extremes);
      inputs = outputs;
      return layer;
    });
    read = structure === 'incremental' ? read + inputs : inputs;
    stages.push({
      hidden,
      head: randomLayer(random, read, classes, extremes),
      inverseTemperature: Math.fround(pick(random, [0.01, 0.5, 1, 3, 1e4])),
    });
  }
  const model = { input: { width, sparse }, structure, classes, stages };
  return { model, rows: randomRows(random, width, sparse, extremes), stop: random.next() };
}
