// Standardised rows as a plant in trouble would send them, as an expression: every step adds a
// row of a pool of disturbances to each, and hides the channels that a row of another pool hides.
import type { Random } from '@dandan/shared/random';
import {
  add,
  constant,
  type Expression,
  type Feeds,
  gatherRows,
  indexInput,
  multiply,
} from '../../autodiff/index.ts';
import type { Augmentation, AugmentStrength } from './augmentation.ts';

/** 4 MiB a pool: 40,000 rows of 25 columns, of which a step of 7,000 rows repeats few. */
const POOL_ENTRIES = 2 ** 20;
/** Wide rows have fewer of them, but never so few that a student could learn them by heart. */
const LEAST_POOL_ROWS = 1024;
/** More than the combinations that matter. */
const MOST_POOL_ROWS = 2 ** 14;

export interface AugmentedRows {
  readonly x: Expression;
  /** Other disturbances for every row. */
  feeds(random: Random): Feeds;
}

export interface AugmentRowsOptions extends Pick<Augmentation, 'channels' | 'deviations'> {
  readonly strength: AugmentStrength;
  /** Of the pools. */
  readonly random: Random;
}

/** Noise of every column and offsets of the channels, float32 [rows, width]. */
function disturbances(rows: number, options: AugmentRowsOptions): Float32Array {
  const { strength, channels, deviations, random } = options;
  const width = deviations.length;
  const pool = new Float32Array(rows * width);
  for (let i = 0; i < rows; i++) {
    // From none to the most: a student must not forget what clean rows look like.
    const amount = strength.noise * random.next();
    for (const { columns, level } of channels) {
      for (const j of columns) pool[i * width + j] = amount * random.normal();
      const offset = strength.drift * random.normal();
      for (const j of level) pool[i * width + j] += (offset * deviations[level[0]]) / deviations[j];
    }
  }
  return pool;
}

/** 1 where a column is known, 0 where its channel is hidden: 0 is the mean, which missing reads as. */
function presences(rows: number, options: AugmentRowsOptions): Float32Array {
  const { strength, channels, deviations, random } = options;
  const width = deviations.length;
  const pool = new Float32Array(rows * width).fill(1);
  for (let i = 0; i < rows; i++) {
    for (const { columns } of channels) {
      if (random.next() >= strength.dropout) continue;
      for (const j of columns) pool[i * width + j] = 0;
    }
  }
  return pool;
}

/** Makes training rows of clean ones; `name` tells the feeds of one matrix from another's. */
export function createRowAugmenter(options: AugmentRowsOptions) {
  const { strength, deviations, random } = options;
  const width = deviations.length;
  const fitting = Math.floor(POOL_ENTRIES / width);
  const rows = Math.min(MOST_POOL_ROWS, Math.max(LEAST_POOL_ROWS, fitting));
  const added =
    strength.noise > 0 || strength.drift > 0
      ? constant(disturbances(rows, { ...options, random: random.fork('disturbances') }), [
          rows,
          width,
        ])
      : undefined;
  const kept =
    strength.dropout > 0
      ? constant(presences(rows, { ...options, random: random.fork('presences') }), [rows, width])
      : undefined;
  return (clean: Expression, name: string): AugmentedRows => {
    const [count] = clean.shape;
    const disturbed = `${name}.disturbed`;
    const hidden = `${name}.hidden`;
    const draw = (drawn: Random) => Int32Array.from({ length: count }, () => drawn.below(rows));
    let x = clean;
    if (added) x = add(x, gatherRows(added, indexInput(disturbed, count)));
    if (kept) x = multiply(x, gatherRows(kept, indexInput(hidden, count)));
    return {
      x,
      feeds: (drawn) => ({
        ...(added && { [disturbed]: draw(drawn) }),
        ...(kept && { [hidden]: draw(drawn) }),
      }),
    };
  };
}

export type RowAugmenter = ReturnType<typeof createRowAugmenter>;
