// Which of two kernels is quicker on this processor, by running both.
import type { Kernels } from '../../kernel/index.ts';
import { createBlock } from './create-block.ts';
import type { RowBlock } from './row-block.ts';
import { createTrial, runTrial } from './trial.ts';

/** Wide enough to fill vector units, small enough for a few microseconds a run. */
const TRIAL = createTrial({ width: 128, units: 64, count: 16, sparse: false });

/** Engines compile again, better, while code runs: only the second half of the race counts. */
const RACE_MS = 16;

/** Runs between two looks at the clock: about 0.1 ms. */
const LAP = 8;

function lap(block: RowBlock, now: () => number): number {
  const started = now();
  for (let i = 0; i < LAP; i++) runTrial(block, TRIAL);
  return now() - started;
}

/**
 * The quicker of two kernels, or the first where the clock stands still.
 *
 * @param now milliseconds.
 */
export function race(first: Kernels, second: Kernels, now: () => number): Kernels {
  const blocks = [createBlock(TRIAL.model, first), createBlock(TRIAL.model, second)];
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const started = now();
  for (;;) {
    const times = blocks.map((block) => lap(block, now));
    const elapsed = now() - started;
    // A clock that a lap of both does not move is no clock, or too coarse to tell them apart.
    if (elapsed === 0) return first;
    if (elapsed > RACE_MS) break;
    if (elapsed < RACE_MS / 2) continue;
    times.forEach((time, k) => {
      best[k] = Math.min(best[k], time);
    });
  }
  return best[1] < best[0] ? second : first;
}
