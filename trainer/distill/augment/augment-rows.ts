// Standardised rows as a plant in trouble would send them, as an expression: every step adds a
// row of a pool of disturbances to each, and takes away the channels that a row of another pool
// takes away.
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

export interface AugmentRowsOptions
  extends Pick<Augmentation, 'channels' | 'deviations' | 'absent'> {
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

/** What is left of the rows, 1 or 0, and what stands in place of the rest; float32 [rows, width]. */
function silences(rows: number, options: AugmentRowsOptions) {
  const { strength, channels, absent, random } = options;
  const width = absent.length;
  const kept = new Float32Array(rows * width).fill(1);
  const instead = new Float32Array(rows * width);
  for (let i = 0; i < rows; i++) {
    for (const { columns, missing } of channels) {
      if (random.next() >= strength.dropout) continue;
      for (const j of [...columns, ...missing]) {
        kept[i * width + j] = 0;
        instead[i * width + j] = absent[j];
      }
    }
  }
  return { kept, instead };
}

/** Makes training rows of clean ones; `name` tells the feeds of one matrix from another's. */
export function createRowAugmenter(options: AugmentRowsOptions) {
  const { strength, deviations, random } = options;
  const width = deviations.length;
  const fitting = Math.floor(POOL_ENTRIES / width);
  const rows = Math.min(MOST_POOL_ROWS, Math.max(LEAST_POOL_ROWS, fitting));
  const pool = (values: Float32Array) => constant(values, [rows, width]);
  const added =
    strength.noise > 0 || strength.drift > 0
      ? pool(disturbances(rows, { ...options, random: random.fork('disturbances') }))
      : undefined;
  const silent =
    strength.dropout > 0
      ? silences(rows, { ...options, random: random.fork('silences') })
      : undefined;
  const kept = silent && pool(silent.kept);
  // A missing reading mostly reads as the mean, which is 0.
  const instead = silent?.instead.some((value) => value !== 0) ? pool(silent.instead) : undefined;
  return (clean: Expression, name: string): AugmentedRows => {
    const [count] = clean.shape;
    const disturbed = `${name}.disturbed`;
    const silenced = `${name}.silenced`;
    const draw = (drawn: Random) => Int32Array.from({ length: count }, () => drawn.below(rows));
    let x = clean;
    if (added) x = add(x, gatherRows(added, indexInput(disturbed, count)));
    if (kept) {
      const index = indexInput(silenced, count);
      x = multiply(x, gatherRows(kept, index));
      if (instead) x = add(x, gatherRows(instead, index));
    }
    return {
      x,
      feeds: (drawn) => ({
        ...(added && { [disturbed]: draw(drawn) }),
        ...(kept && { [silenced]: draw(drawn) }),
      }),
    };
  };
}
