// Runs that are dealt together, and the sets that they are dealt to: files may say what a run is for.
import type { Run } from '../telemetry.ts';
import type { SetName, SetWeights } from './set-names.ts';

export interface Pool {
  /** Positions in the history's runs. */
  readonly runs: readonly number[];
  /** Sets that its runs go to, with their shares. */
  readonly weights: ReadonlyMap<SetName, number>;
}

/**
 * Runs for training give the validation set, and runs for testing the calibration set, unless
 * others are there for it. What no file speaks of is dealt to all sets.
 */
function setsOf(set: Run['set'], given: ReadonlySet<Run['set']>): SetName[] {
  if (set === 'validation') return ['validation'];
  if (set === 'test') return ['test', 'calibration'];
  if (set === undefined) return ['train', 'validation', 'test', 'calibration'];
  const sets: SetName[] = ['train'];
  if (!given.has('validation')) sets.push('validation');
  if (!given.has('test') && !given.has(undefined)) sets.push('test', 'calibration');
  return sets;
}

/** Every run is in one pool. */
export function poolsOf(runs: readonly Run[], weights: SetWeights): Pool[] {
  const given = new Set(runs.map(({ set }) => set));
  return [...given].map((set) => ({
    runs: runs.flatMap((run, at) => (run.set === set ? [at] : [])),
    weights: new Map(
      setsOf(set, given).flatMap((name) =>
        // The only set of a pool needs no share.
        weights[name] > 0 || set === name ? [[name, weights[name] || 1] as const] : [],
      ),
    ),
  }));
}
