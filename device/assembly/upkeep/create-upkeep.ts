// What a gateway looks after by the clock: silent assets, sensors, the outbox, what others forget.

import { createSilenceWatch, type SilenceWatch } from '../../intake/ingest/index.ts';
import type { Journal } from '../../intake/journal/index.ts';
import type { QualityWatch } from '../../intake/quality/index.ts';
import type { Logger } from '../../log/index.ts';
import type { Line, LineSet } from '../../models/line/index.ts';
import type { Brokers } from '../../mqtt/brokers/index.ts';
import type { Outputs } from '../../outputs/index.ts';
import type { Outbox, WaitingRow } from '../../outputs/outbox/index.ts';
import { OutboxError } from '../../outputs/outbox/index.ts';

/** Rows of silent assets are due to the second; faster lines are looked at more often. */
const TICK_MS = 1000;

/** No faster than timers are kept to on a busy gateway. */
const MIN_TICK_MS = 20;

const MINUTE_MS = 60_000;

/** Minutes of telemetry close by the clock where an asset has fallen silent: no hurry. */
const SUMMARY_CLOCK_MS = 10_000;

export interface UpkeepOptions {
  readonly lines: LineSet;
  readonly brokers: Brokers;
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly outputs: Outputs;
  readonly quality: QualityWatch;
  /** Whether predictions may wait for the time. */
  readonly holdsPredictions: () => boolean;
  readonly onLost: (rows: readonly WaitingRow[]) => void;
  readonly log: Logger;
}

export interface Upkeep {
  start(): void;
  stop(): void;
  /** A broker is connected: telemetry that it kept meanwhile is on its way. */
  onConnect(): void;
}

export function createUpkeep(options: UpkeepOptions): Upkeep {
  const { lines, brokers, journal, outbox, outputs, quality, log } = options;
  const watches = new Map<Line, SilenceWatch>();
  const timers: NodeJS.Timeout[] = [];
  let listeningSince = Date.now();
  let clockAt = 0;

  function watchOf(line: Line): SilenceWatch {
    const known = watches.get(line);
    if (known !== undefined) return known;
    const watch = createSilenceWatch({
      flushAfterMs: line.flushAfterMs,
      isConnected: brokers.areAllConnected,
      hasSilent: line.hasSilent,
      onSilence: (now) => journal.append({ kind: 'silence', now, bundle: line.model.sha256 }),
    });
    watches.set(line, watch);
    return watch;
  }

  function tickSilence(): void {
    const all = new Set(lines.all());
    for (const line of watches.keys()) if (!all.has(line)) watches.delete(line);
    for (const line of all) watchOf(line).tick();
  }

  function tickClock(): void {
    const now = Date.now();
    if (!brokers.areAllConnected()) listeningSince = now;
    quality.tick(now, listeningSince);
    const everyMs = options.holdsPredictions() ? TICK_MS : SUMMARY_CLOCK_MS;
    const isNeeded = options.holdsPredictions() || outputs.summaries !== undefined;
    if (!isNeeded || Math.abs(now - clockAt) < everyMs) return;
    clockAt = now;
    journal.append({ kind: 'clock', now });
  }

  function tickMinute(): void {
    outputs.announcer?.tick();
    try {
      const lost = outbox.sweep();
      if (lost.length > 0) options.onLost(lost);
    } catch (error) {
      if (!(error instanceof OutboxError)) throw error;
      log.error('outbox-write-failed', { reason: error.message });
    }
  }

  return {
    start() {
      const flushes = lines.all().map(({ flushAfterMs }) => flushAfterMs / 4);
      const silenceMs = Math.max(MIN_TICK_MS, Math.min(TICK_MS, ...flushes.filter((ms) => ms > 0)));
      timers.push(setInterval(tickSilence, silenceMs));
      timers.push(setInterval(tickClock, TICK_MS));
      timers.push(setInterval(tickMinute, MINUTE_MS));
    },
    stop() {
      for (const timer of timers) clearInterval(timer);
    },
    onConnect() {
      listeningSince = Date.now();
      for (const watch of watches.values()) watch.onConnect();
    },
  };
}
