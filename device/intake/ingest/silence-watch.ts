// When it is safe to take silence for silence: not while, or shortly after, it was this
// gateway that did not hear.
/** Silent assets are looked for this often at most. */
const MAX_INTERVAL_MS = 1000;

export interface SilenceWatchOptions {
  /** As given to the windows; 0: the watch never acts. */
  readonly flushAfterMs: number;
  /** Whether all brokers that telemetry comes from are connected. */
  readonly isConnected: () => boolean;
  /** Whether an asset has rows to give at this wall clock because it is silent. */
  readonly hasSilent: (now: number) => boolean;
  /** Their rows may be built. */
  readonly onSilence: (now: number) => void;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

export interface SilenceWatch {
  /** Milliseconds between ticks. */
  readonly intervalMs: number;
  /** To be called at every connect: telemetry that the broker kept meanwhile is on its way. */
  onConnect(): void;
  /** Looks for silent assets, if this gateway has been listening all the time. */
  tick(): void;
}

/** A watch that acts when it is told the time by `tick`. */
export function createSilenceWatch(options: SilenceWatchOptions): SilenceWatch {
  const { flushAfterMs, isConnected, hasSilent, onSilence, now = Date.now } = options;
  const intervalMs = Math.min(MAX_INTERVAL_MS, Math.max(1, Math.ceil(flushAfterMs / 4)));
  let listeningSince = now();
  let lastTick = now();
  return {
    intervalMs,
    onConnect() {
      listeningSince = now();
    },
    tick() {
      const time = now();
      // A late tick: this process or machine stood still, and its messages are still unread.
      if (time - lastTick > 2 * intervalMs || !isConnected()) listeningSince = time;
      lastTick = time;
      if (flushAfterMs === 0 || time - listeningSince < flushAfterMs) return;
      if (hasSilent(time)) onSilence(time);
    },
  };
}
