// How long a stage takes here: learnt from the steps that ran, guessed from multiply-accumulates
// until then and where clocks stand still, as they do within a request on Workers.

/**
 * Multiply-accumulates a millisecond before anything was measured: a third of what a core of 2020
 * does with these kernels, so that a guess errs towards an early answer.
 */
export const NOMINAL_MACS_PER_MS = 5e6;

/** Measurements count half after this much work, some milliseconds: loads and heat change. */
const HALF_LIFE_MACS = 5e7;

/** A measurement of this length counts as much as the guess. */
const TRUSTED_MS = 0.2;

export interface Pace {
  /** Adds a measurement of stage `stage` (0-based). */
  add(stage: number, macs: number, milliseconds: number): void;
  /** Expected milliseconds for `macs` multiply-accumulates of stage `stage`. */
  expect(stage: number, macs: number): number;
}

/** Pace of a cascade of `stages` stages. */
export function createPace(stages: number): Pace {
  const macsSeen = new Float64Array(stages);
  const timeSeen = new Float64Array(stages);
  return {
    add(stage, macs, milliseconds) {
      const kept = 2 ** (-macs / HALF_LIFE_MACS);
      macsSeen[stage] = macsSeen[stage] * kept + macs;
      // A clock set back is no measurement.
      timeSeen[stage] = timeSeen[stage] * kept + Math.max(0, milliseconds);
    },
    expect(stage, macs) {
      const guess = macs / NOMINAL_MACS_PER_MS;
      const time = timeSeen[stage];
      if (time === 0) return guess;
      const trust = time / (time + TRUSTED_MS);
      return trust * ((macs * time) / macsSeen[stage]) + (1 - trust) * guess;
    },
  };
}
