// What can go wrong with a machine. How each fault acts on the physics is in
// line-dynamics.ts; its symptoms are in trainer/plant/README.md.

/** Class names; 0 is the healthy machine. */
export const PLANT_CLASSES = [
  'normal',
  'bearing-wear',
  'cooling-loss',
  'blockage',
  'leak',
  'belt-slip',
] as const;

export const NORMAL = 0;
export const BEARING_WEAR = 1;
export const COOLING_LOSS = 2;
export const BLOCKAGE = 3;
export const LEAK = 4;
export const BELT_SLIP = 5;

/** A machine counts as faulty from this severity on; below it nobody could tell. */
export const LABEL_SEVERITY = 0.3;

/** One fault of one machine, from its first trace to the repair. */
export interface FaultEpisode {
  /** Index into {@linkcode PLANT_CLASSES}, never 0. */
  readonly fault: number;
  /** Milliseconds since the epoch. */
  readonly begin: number;
  /** Severity grows linearly from 0 at `begin` to `peak` over this time, milliseconds. */
  readonly rampMs: number;
  /** 0..1. */
  readonly peak: number;
  /** Repaired: severity falls back to 0 at once. Milliseconds since the epoch. */
  readonly end: number;
}

/** Severity of an episode at `time`: 0..1. */
export function severityAt(episode: FaultEpisode, time: number): number {
  const { begin, rampMs, peak, end } = episode;
  if (time < begin || time >= end) return 0;
  return peak * Math.min(1, (time - begin) / rampMs);
}
