// Windows of every asset, and the decision when a row of a silent asset may be built
// although no later sample has completed it.
import { InputError } from '@dandan/shared/error';
import {
  createRowAssembler,
  type FeatureRow,
  hasCountWindows,
  type RowAssemblerSnapshot,
  type Sample,
  type TelemetrySpec,
} from '@dandan/shared/features';
import * as z from 'zod';

/** A plant line has hundreds of assets; each holds a window of samples in memory. */
export const MAX_ASSETS = 10_000;

/** The readings of one time arrive together; windows by count have no stride to go by. */
const COUNT_FLUSH_AFTER_MS = 2000;

/** How long after a row was due a silent asset's row is built, unless the configuration says. */
export function usualFlushAfterMs(spec: TelemetrySpec): number {
  return hasCountWindows(spec) ? COUNT_FLUSH_AFTER_MS : 2 * spec.strideMs;
}

export interface WindowsOptions {
  readonly spec: TelemetrySpec;
  /** A silent asset's row is built this long after it was due, milliseconds; 0: never. */
  readonly flushAfterMs: number;
  /** @default {MAX_ASSETS} */
  readonly maxAssets?: number;
  /** What {@linkcode Windows.snapshot} gave, out of JSON. @default {windows without samples} */
  readonly snapshot?: unknown;
}

/** Plain data for JSON. */
export interface WindowsSnapshot {
  readonly assembler: RowAssemblerSnapshot;
  /** Asset, `receivedAt` of its last sample, wall clock since which it is live or `null`. */
  readonly clocks: readonly (readonly [string, number, number | null])[];
}

export interface Windows {
  /** False when `asset` is new and there is no room for it. */
  accepts(asset: string): boolean;
  /** Takes a sample that arrived at wall clock `receivedAt`; returns the rows it completes. */
  push(sample: Sample, receivedAt: number): FeatureRow[];
  /**
   * Rows of assets that have fallen silent, at wall clock `now`. Depends on what was pushed and
   * flushed before and on `now`, on nothing else.
   *
   * Event time decides alone unless the asset's clock is known to follow the wall clock:
   * for a whole window (for `flushAfterMs`, where windows go by count) every sample arrived
   * within `flushAfterMs` of its own time and none was `historical`. A
   * replayed history (old times, or a speed other than 1) never meets that, so it gives
   * the same rows here as in training. For a live asset no sample of a flushed window
   * can still be under way without having broken that rule.
   */
  flushSilent(now: number): FeatureRow[];
  /** Whether {@linkcode flushSilent} may give rows: it does not look into the windows. */
  hasSilent(now: number): boolean;
  /** Forgets an asset that is gone, and makes room for another. */
  drop(asset: string): void;
  /** Assets known, samples held, and what the assembler could not use as it came. */
  counters(): WindowsCounters;
  /** All state: windows created from it go on as these would, to the bit. */
  snapshot(): WindowsSnapshot;
}

export interface WindowsCounters {
  readonly assets: number;
  readonly bufferedSamples: number;
  readonly outdated: number;
  readonly clockJumps: number;
}

interface AssetClock {
  receivedAt: number;
  /** Wall clock since which every sample was live. */
  liveSince: number | undefined;
  /** Silence has given all its rows; of no consequence for rows, so not part of a snapshot. */
  isExhausted: boolean;
}

/** What {@linkcode createRowAssembler} does not check itself. */
const clocksSchema = z.object({
  assembler: z.unknown(),
  clocks: z.array(z.tuple([z.string(), z.number(), z.number().nullable()])),
});

function readSnapshot(snapshot: unknown) {
  if (snapshot === undefined) return { assembler: undefined, clocks: [] };
  const result = clocksSchema.safeParse(snapshot);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  throw new InputError('snapshot-invalid', 'The snapshot of the windows is not usable', {
    field: ['snapshot', ...path.map(String)].join('.'),
    allowed: message,
  });
}

/**
 * Windows without samples, or those of a snapshot.
 *
 * @throws {InputError} `snapshot-invalid`, also for a snapshot of another spec.
 */
export function createWindows(options: WindowsOptions): Windows {
  const { spec, flushAfterMs, maxAssets = MAX_ASSETS } = options;
  const restored = readSnapshot(options.snapshot);
  const assembler = createRowAssembler(spec, { snapshot: restored.assembler });
  const clocks = new Map<string, AssetClock>(
    restored.clocks.map(([asset, receivedAt, liveSince]) => [
      asset,
      { receivedAt, liveSince: liveSince ?? undefined, isExhausted: false },
    ]),
  );
  const [liveMs, strideMs] = hasCountWindows(spec)
    ? [flushAfterMs, 0]
    : [spec.windowMs, spec.strideMs];

  // A live sample is at most flushAfterMs ahead of its arrival, and the last row with it in it is
  // due a window later.
  const lastRowMs = 2 * flushAfterMs + liveMs + strideMs;

  const isSilent = ({ receivedAt, liveSince }: AssetClock, now: number) =>
    liveSince !== undefined && receivedAt - liveSince >= liveMs && now - receivedAt >= flushAfterMs;

  return {
    accepts: (asset) => clocks.has(asset) || clocks.size < maxAssets,
    push(sample, receivedAt) {
      let clock = clocks.get(sample.asset);
      if (clock === undefined) {
        clock = { receivedAt, liveSince: undefined, isExhausted: false };
        clocks.set(sample.asset, clock);
      }
      const isLive = !sample.historical && Math.abs(receivedAt - sample.time) <= flushAfterMs;
      clock.liveSince = isLive ? (clock.liveSince ?? receivedAt) : undefined;
      clock.receivedAt = receivedAt;
      clock.isExhausted = false;
      return assembler.push(sample);
    },
    flushSilent(now) {
      if (flushAfterMs === 0) return [];
      const silent = [...clocks].filter(([, clock]) => isSilent(clock, now));
      for (const [, clock] of silent) clock.isExhausted = now - clock.receivedAt > lastRowMs;
      // At once: what one of them says of its window, another's row may be waiting for.
      return assembler.flush(
        now - flushAfterMs,
        silent.map(([asset]) => asset),
      );
    },
    hasSilent(now) {
      if (flushAfterMs === 0) return false;
      for (const clock of clocks.values()) {
        if (!clock.isExhausted && isSilent(clock, now)) return true;
      }
      return false;
    },
    drop(asset) {
      clocks.delete(asset);
      assembler.drop(asset);
    },
    counters: () => ({
      assets: clocks.size,
      bufferedSamples: assembler.buffered(),
      ...assembler.counters(),
    }),
    snapshot: () => ({
      assembler: assembler.snapshot(),
      clocks: [...clocks].map(([asset, { receivedAt, liveSince }]) => [
        asset,
        receivedAt,
        liveSince ?? null,
      ]),
    }),
  };
}
