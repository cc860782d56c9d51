// Up to when rows may be built out of turn, as those of an asset that has fallen silent, without one
// that would have to wait for an asset upstream.
import type { JoinedWindows } from './joined-windows.ts';

export interface UpstreamLimitsOptions {
  /** Those whose rows are built. */
  readonly assets: readonly string[];
  /** Up to when they would be. */
  readonly time: number;
  readonly windowsOf: (asset: string) => JoinedWindows | undefined;
  readonly fedBy: ReadonlyMap<string, readonly string[]>;
  readonly windowMs: number;
  readonly strideMs: number;
}

/** Limits by asset: at most `time`, and for all of them where each may say what the others wait for. */
export function upstreamLimits(options: UpstreamLimitsOptions): Map<string, number> {
  const { assets, time, windowsOf, fedBy, windowMs, strideMs } = options;

  /** Rows of `asset` up to then are built, or never will be. */
  function settledUntil(asset: string): number {
    const own = windowsOf(asset);
    const isDone = own === undefined || own.due - windowMs >= own.heard;
    return isDone ? Number.POSITIVE_INFINITY : own.due - strideMs;
  }

  const limits = new Map(assets.map((asset) => [asset, time]));
  // An asset that may not go on holds those up that it feeds, and they others; limits only fall.
  for (let isLower = true; isLower; ) {
    isLower = false;
    for (const asset of assets) {
      for (const name of fedBy.get(asset) ?? []) {
        const limit = Math.max(settledUntil(name), limits.get(name) ?? Number.NEGATIVE_INFINITY);
        if (limit >= (limits.get(asset) ?? time)) continue;
        limits.set(asset, limit);
        isLower = true;
      }
    }
  }
  return limits;
}
