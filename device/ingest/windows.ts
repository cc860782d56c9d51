// Windows of every asset, and the decision when a row of a silent asset may be built
// although no later sample has completed it.
import {
  createRowAssembler,
  type FeatureRow,
  type RowAssembler,
  type Sample,
  type TelemetrySpec,
} from '@dandan/shared/features';

/** A plant line has hundreds of assets; each holds a window of samples in memory. */
export const MAX_ASSETS = 10_000;

export interface WindowsOptions {
  readonly spec: TelemetrySpec;
  /** A silent asset's row is built this long after it was due, milliseconds; 0: never. */
  readonly flushAfterMs: number;
  /** @default {MAX_ASSETS} */
  readonly maxAssets?: number;
}

export interface Windows {
  /** False when `asset` is new and there is no room for it. */
  accepts(asset: string): boolean;
  /** Takes a sample that arrived at wall clock `receivedAt`; returns the rows it completes. */
  push(sample: Sample, receivedAt: number): FeatureRow[];
  /**
   * Rows of assets that have fallen silent, at wall clock `now`.
   *
   * Event time decides alone unless the asset's clock is known to follow the wall clock:
   * for a whole window every sample arrived within `flushAfterMs` of its own time. A
   * replayed history (old times, or a speed other than 1) never meets that, so it gives
   * the same rows here as in training. For a live asset no sample of a flushed window
   * can still be under way without having broken that rule.
   */
  flushSilent(now: number): FeatureRow[];
}

interface AssetClock {
  readonly assembler: RowAssembler;
  receivedAt: number;
  /** Wall clock since which every sample was live. */
  liveSince: number | undefined;
}

/** Windows without samples. */
export function createWindows(options: WindowsOptions): Windows {
  const { spec, flushAfterMs, maxAssets = MAX_ASSETS } = options;
  const assets = new Map<string, AssetClock>();

  function open(asset: string, receivedAt: number): AssetClock {
    // One assembler each, because a flush must not touch the other assets.
    const clock = { assembler: createRowAssembler(spec), receivedAt, liveSince: undefined };
    assets.set(asset, clock);
    return clock;
  }

  function isSilent({ receivedAt, liveSince }: AssetClock, now: number): boolean {
    return (
      liveSince !== undefined &&
      receivedAt - liveSince >= spec.windowMs &&
      now - receivedAt >= flushAfterMs
    );
  }

  return {
    accepts: (asset) => assets.has(asset) || assets.size < maxAssets,
    push(sample, receivedAt) {
      const clock = assets.get(sample.asset) ?? open(sample.asset, receivedAt);
      const live = Math.abs(receivedAt - sample.time) <= flushAfterMs;
      clock.liveSince = live ? (clock.liveSince ?? receivedAt) : undefined;
      clock.receivedAt = receivedAt;
      return clock.assembler.push(sample);
    },
    flushSilent(now) {
      if (flushAfterMs === 0) return [];
      return [...assets.values()]
        .filter((clock) => isSilent(clock, now))
        .flatMap(({ assembler }) => assembler.flush(now - flushAfterMs));
    },
  };
}
