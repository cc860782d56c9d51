// The outbox's own time, by which messages age: it runs with the monotonic clock, so that a wall clock
// set back or ahead neither expires what is fresh nor keeps anything for ever.
//
// Within a process it is exact. Between two processes of one boot it is exact as well, because the
// monotonic clock runs on. Across a reboot nobody knows for sure: the difference of the wall clocks
// counts, but at least nothing and at most MAX_OFF_MS.

/**
 * A reboot takes minutes. A gateway that was switched off for longer keeps its messages for longer;
 * the other way round, a clock that comes up years ahead would throw away what is fresh.
 */
export const MAX_OFF_MS = 3_600_000;

/** The clock as it was at one moment, for the next process. */
export interface ClockState {
  /** The outbox's time, milliseconds. */
  readonly ms: number;
  /** Wall clock at that moment, milliseconds since the epoch. */
  readonly wall: number;
  /** Monotonic clock at that moment, milliseconds. */
  readonly monotonic: number;
  /** The boot that the monotonic clock belongs to; empty: unknown. */
  readonly boot: string;
}

export interface OutboxClockOptions {
  /** State saved by an earlier process. @default {none} */
  readonly saved?: ClockState | undefined;
  /** Latest time found on any message: time never goes back behind it. @default {0} */
  readonly floor?: number;
  /** Wall clock, milliseconds since the epoch. */
  readonly now: () => number;
  /** Monotonic clock, milliseconds. */
  readonly monotonic: () => number;
  readonly boot: string;
}

export interface OutboxClock {
  /** Whole milliseconds, never less than before. */
  now(): number;
  state(): ClockState;
}

/** Time between `saved` and now, as far as it can be trusted. */
function elapsed(saved: ClockState, { now, monotonic, boot }: OutboxClockOptions): number {
  const running = monotonic() - saved.monotonic;
  if (boot !== '' && boot === saved.boot && running >= 0) return running;
  return Math.min(MAX_OFF_MS, Math.max(0, now() - saved.wall));
}

/** A clock that goes on where the saved one stood. */
export function createOutboxClock(options: OutboxClockOptions): OutboxClock {
  const { saved, floor = 0, now, monotonic, boot } = options;
  const started = monotonic();
  const base = Math.max(floor, saved === undefined ? 0 : saved.ms + elapsed(saved, options));
  let latest = Math.ceil(base);

  function current(): number {
    latest = Math.max(latest, Math.floor(base + monotonic() - started));
    return latest;
  }

  return {
    now: current,
    state: () => ({
      ms: current(),
      wall: Math.floor(now()),
      monotonic: Math.floor(monotonic()),
      boot,
    }),
  };
}
