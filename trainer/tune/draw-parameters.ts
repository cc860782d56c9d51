// Draws the parameters of trials: those of trial i depend on the seed, the space and i only.
import { createRandom, type Random } from '@dandan/shared/random';
import {
  type Dimension,
  type Parameters,
  type ParameterValue,
  type Space,
  sizeOf,
} from './space.ts';

/** Three digits say all that a hyper-parameter needs, and hide an engine's last bit of exp. */
const DIGITS = 3;

function draw(dimension: Dimension, random: Random): ParameterValue {
  if (dimension.kind === 'choice') {
    return dimension.values[random.below(dimension.values.length)];
  }
  const { minimum, maximum, scale, whole } = dimension;
  const between = (low: number, high: number) => low + (high - low) * random.next();
  if (whole && scale === 'linear') return minimum + random.below(maximum - minimum + 1);
  const value =
    scale === 'log'
      ? Math.exp(between(Math.log(minimum), Math.log(maximum)))
      : between(minimum, maximum);
  const rounded = whole ? Math.round(value) : Number(value.toPrecision(DIGITS));
  return Math.min(maximum, Math.max(minimum, rounded));
}

function drawPoint(space: Space, random: Random): Parameters {
  // Each from a stream of its own name: a dimension more changes no other.
  const entries = Object.entries(space).map(([name, dimension]) => [
    name,
    draw(dimension, random.fork(name)),
  ]);
  return Object.fromEntries(entries);
}

/** A point as text that is the same for equal points. */
const nameOf = (point: Parameters) => JSON.stringify(Object.entries(point).sort());

/** So many draws in vain say that nearly all points are taken; 40 of 50 are found by then. */
const MAX_DRAWS = 1000;

export interface DrawOptions {
  readonly space: Space;
  readonly seed: number;
  /** Trials wanted. */
  readonly trials: number;
  /** Points never drawn, such as that of trial 0. */
  readonly taken?: readonly Parameters[];
  /** Whether a point makes a run at all, e.g. has units enough for its stages. @default {all do} */
  accepts?(point: Parameters): boolean;
}

/**
 * Distinct points of a space, fewer than asked for where it holds fewer. More trials of
 * one seed begin with the same ones.
 */
export function drawParameters(options: DrawOptions): Parameters[] {
  const { space, seed, trials, taken = [], accepts = () => true } = options;
  const root = createRandom(seed).fork('tune');
  const seen = new Set(taken.map(nameOf));
  const points: Parameters[] = [];
  const most = Math.min(trials, sizeOf(space));
  for (let trial = 0; points.length < most; trial++) {
    const random = root.fork(`trial ${trial}`);
    let found: Parameters | undefined;
    for (let attempt = 0; attempt < MAX_DRAWS && !found; attempt++) {
      const point = drawPoint(space, random.fork(`attempt ${attempt}`));
      if (!seen.has(nameOf(point)) && accepts(point)) found = point;
    }
    if (!found) break;
    seen.add(nameOf(found));
    points.push(found);
  }
  return points;
}
