// Tells a clock that went back from samples that come late.

/**
 * Consecutive times behind the windows that make a jump: a message sent twice or held up has one
 * or a few, and ten sample intervals are less than most windows.
 */
export const CLOCK_JUMP_SAMPLES = 10;

export interface ClockWatchSnapshot {
  readonly count: number;
  readonly time: number;
}

export interface ClockWatchOptions {
  /** Consecutive times behind that are a jump. @default {CLOCK_JUMP_SAMPLES} */
  readonly limit?: number;
  readonly snapshot?: ClockWatchSnapshot | undefined;
}

export interface ClockWatch {
  /** Takes a sample that is behind; returns whether it makes the run a jump, which ends the run. */
  behind(time: number): boolean;
  /** Takes any other sample: the clock is still the old one. */
  follows(): void;
  snapshot(): ClockWatchSnapshot;
}

/**
 * Counts changes of time, not samples, since one message has a sample of every channel; and any
 * change, since a device that starts again and again has no clock that ascends.
 */
export function createClockWatch(options: ClockWatchOptions = {}): ClockWatch {
  const { limit = CLOCK_JUMP_SAMPLES, snapshot } = options;
  let count = snapshot?.count ?? 0;
  let last = snapshot?.time ?? 0;
  return {
    behind(time) {
      if (count === 0 || time !== last) count++;
      last = time;
      if (count < limit) return false;
      count = 0;
      return true;
    },
    follows() {
      count = 0;
    },
    snapshot: () => ({ count, time: count === 0 ? 0 : last }),
  };
}
