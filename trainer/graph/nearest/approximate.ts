// Neighbours by descent (Dong, Moses & Li 2011): a neighbour of a neighbour is likely a neighbour.
// Random projection trees give the first lists.
import type { FloatRows } from '@dandan/shared/kernel';
import type { Random } from '@dandan/shared/random';
import { type Candidates, drawCandidates } from './candidates.ts';
import type { Excluded } from './guard.ts';
import { createNeighbourLists, type NeighbourLists, offer, shortened } from './neighbour-lists.ts';
import type { Pace } from './pace.ts';
import { projectionTree } from './projection-trees.ts';
import { squaredDistance } from './squared-distance.ts';

/** Rows of a leaf, all of which are compared. */
const LEAF = 48;
/** Lists longer than what is asked for find more: a way to a near row may lead over a farther one. */
const SPARE_PLACES = 6;
const LEAST_PLACES = 14;
/** A descent has arrived when a step changes fewer than this share of all entries. */
const ARRIVED = 0.001;

export interface ApproximateOptions {
  readonly rows: FloatRows;
  readonly neighbours: number;
  readonly excluded: Excluded;
  readonly trees: number;
  /** New and old candidates of a row in a step. */
  readonly candidates: number;
  readonly steps: number;
  readonly random: Random;
  readonly pace: Pace;
}

/** Compares two rows and offers each to the other. @returns entries that changed. */
type Compare = (a: number, b: number) => number;

function comparison(lists: NeighbourLists, { rows, excluded }: ApproximateOptions): Compare {
  const { values, width } = rows;
  const { size, distances } = lists;
  return (a, b) => {
    if (a === b) return 0;
    const distance = squaredDistance(values, width, a, b);
    const wanted =
      distance <= distances[a * size + size - 1] || distance <= distances[b * size + size - 1];
    if (!wanted || excluded(a, b)) return 0;
    return Number(offer(lists, a, b, distance)) + Number(offer(lists, b, a, distance));
  };
}

async function joinLeaves(compare: Compare, options: ApproximateOptions, share: number) {
  const { rows, trees, random, pace } = options;
  for (let tree = 0; tree < trees; tree++) {
    const { order, ends } = projectionTree(rows, LEAF, random.fork(`tree ${tree}`));
    let from = 0;
    for (const end of ends) {
      for (let i = from; i < end; i++) {
        for (let j = i + 1; j < end; j++) compare(order[i], order[j]);
      }
      from = end;
      await pace.breathe((share * (tree + end / rows.count)) / trees);
    }
  }
}

function joinCandidates(compare: Compare, row: number, fresh: Candidates, old: Candidates): number {
  let changed = 0;
  const freshStart = row * fresh.size;
  const oldStart = row * old.size;
  for (let i = 0; i < fresh.counts[row]; i++) {
    const a = fresh.rows[freshStart + i];
    for (let j = i + 1; j < fresh.counts[row]; j++) {
      changed += compare(a, fresh.rows[freshStart + j]);
    }
    for (let j = 0; j < old.counts[row]; j++) changed += compare(a, old.rows[oldStart + j]);
  }
  return changed;
}

/** Share of the time that the trees take, for the progress. */
const TREES_SHARE = 0.3;

export async function approximateNeighbours(options: ApproximateOptions): Promise<NeighbourLists> {
  const { rows, neighbours, candidates, steps, random, pace } = options;
  const places = Math.max(LEAST_PLACES, neighbours + SPARE_PLACES);
  const lists = createNeighbourLists(rows.count, places);
  const compare = comparison(lists, options);
  await joinLeaves(compare, options, TREES_SHARE);
  for (let step = 0; step < steps; step++) {
    const drawn = drawCandidates(lists, candidates, random.fork(`step ${step}`));
    let changed = 0;
    for (let row = 0; row < rows.count; row++) {
      changed += joinCandidates(compare, row, drawn.fresh, drawn.old);
      const share = (step + row / rows.count) / steps;
      await pace.breathe(TREES_SHARE + (1 - TREES_SHARE) * share);
    }
    if (changed < ARRIVED * rows.count * neighbours) break;
  }
  return shortened(lists, neighbours);
}
