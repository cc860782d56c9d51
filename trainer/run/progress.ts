// What a run tells whoever watches it.
import type { EpochReport } from '../fit/fit.ts';

/** Phases in the order they run. */
export interface Progress {
  /** A phase begins, or a further part of it: its number, how many there are, and what it is. */
  phase(phase: { number: number; total: number; name: string }): void;
  epoch(report: EpochReport): void;
  /** A phase ended; `restored` when it came from a checkpoint. */
  done(result: { name: string; validationAccuracy?: number; restored: boolean }): void;
}

export const silentProgress: Progress = { phase() {}, epoch() {}, done() {} };
