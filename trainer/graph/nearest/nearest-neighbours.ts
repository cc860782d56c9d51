// The k nearest rows of every row: exact where there are few, approximate where there are many.
import { InputError } from '@dandan/shared/error';
import type { FloatRows } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import { approximateNeighbours } from './approximate.ts';
import { exactNeighbours } from './exact.ts';
import { excludedBy, type Guard } from './guard.ts';
import { createPace, type PaceOptions } from './pace.ts';

/** Up to here all pairs are compared, 8 million of them; see docs/decisions.md. */
export const EXACT_ROWS = 4096;

/** Recall of 0.99 at 100,000 rows of 64 columns; see docs/decisions.md. */
const TREES = 6;
const CANDIDATES = 12;
const STEPS = 10;

export interface NearestOptions extends PaceOptions {
  /** Without missing values. */
  readonly rows: FloatRows;
  /** k. */
  readonly neighbours: number;
  /** Pairs that do not count. @default {none} */
  readonly guard?: Guard | undefined;
  /** Fixes what an approximate search finds. */
  readonly seed: number;
  /** Trees, candidates and steps of an approximate search, as a multiple. @default {1} */
  readonly effort?: number | undefined;
  /** Most rows whose pairs are all compared. @default {4096} */
  readonly exactRows?: number | undefined;
}

export interface Nearest {
  /** int32 [rows, k], nearest first, −1 where a row has fewer than k. */
  readonly indices: Int32Array;
  /** Squared Euclidean distances, float64 [rows, k], ∞ where a row has fewer. */
  readonly distances: Float64Array;
  readonly isExact: boolean;
}

/**
 * Neighbours by Euclidean distance. The same rows and seed give the same neighbours.
 *
 * @throws {InputError} `option-invalid`; the signal's reason when aborted.
 */
export async function nearestNeighbours(options: NearestOptions): Promise<Nearest> {
  const { rows, neighbours, seed, effort = 1, exactRows = EXACT_ROWS } = options;
  if (!Number.isInteger(neighbours) || neighbours < 1) {
    throw new InputError('option-invalid', 'That many neighbours cannot be found', {
      field: 'neighbours',
      value: neighbours,
      allowed: 'a whole number, at least 1',
    });
  }
  const common = {
    rows,
    neighbours,
    excluded: excludedBy(options.guard),
    pace: createPace(options),
  };
  const isExact = rows.count <= exactRows;
  const { indices, distances } = isExact
    ? await exactNeighbours(common)
    : await approximateNeighbours({
        ...common,
        trees: Math.ceil(TREES * effort),
        candidates: Math.ceil(CANDIDATES * effort),
        steps: Math.ceil(STEPS * effort),
        random: createRandom(seed).fork('nearest'),
      });
  options.onProgress?.(1);
  return { indices, distances, isExact };
}
