// When it is safe to take silence for silence: not while, or shortly after, it was this
// gateway that did not hear.
import type { FeatureRow } from '@dandan/shared/features';
import type { Windows } from './windows.ts';

/** Silent assets are looked for this often at most. */
const MAX_INTERVAL_MS = 1000;

export interface SilenceWatchOptions {
  readonly windows: Windows;
  /** As given to the windows; 0: the watch never acts. */
  readonly flushAfterMs: number;
  readonly isConnected: () => boolean;
  readonly onRows: (rows: FeatureRow[]) => void;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

export interface SilenceWatch {
  /** Milliseconds between ticks. */
  readonly intervalMs: number;
  /** To be called at every connect: telemetry that the broker kept meanwhile is on its way. */
  onConnect(): void;
  /** Builds the rows of silent assets, if this gateway has been listening all the time. */
  tick(): void;
}

/** A watch over `windows`. */
export function createSilenceWatch(options: SilenceWatchOptions): SilenceWatch {
  const { windows, flushAfterMs, isConnected, onRows, now = Date.now } = options;
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
      const rows = windows.flushSilent(time);
      if (rows.length > 0) onRows(rows);
    },
  };
}
