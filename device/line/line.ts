// One model at work: the windows of its assets, and its bundle's first stages.
import type { FeatureRow, Sample } from '@dandan/shared/features';
import type { LocalModel } from '../cascade/index.ts';
import { createWindows } from '../ingest/index.ts';
import { createAssetFilter } from './asset-pattern.ts';

export interface LineOptions {
  readonly model: LocalModel;
  /** Names with * of the assets it reads. */
  readonly assets: readonly string[];
  /** A silent asset's row is built this long after it was due, milliseconds; 0: never. */
  readonly flushAfterMs: number;
  /** What `snapshot` gave for the same bundle. */
  readonly state?: unknown;
}

export interface Line {
  readonly model: LocalModel;
  /** Whether a sample of this asset and channel goes into its rows. */
  reads(asset: string, channel: string): boolean;
  /** False when `asset` is new and there is no room for it. */
  accepts(asset: string): boolean;
  /** Takes a sample that arrived at wall clock `receivedAt`; returns the rows it completes. */
  push(sample: Sample, receivedAt: number): FeatureRow[];
  /** Whether some asset has rows to give at wall clock `now` because it has fallen silent. */
  hasSilent(now: number): boolean;
  /** Those rows. */
  flushSilent(now: number): FeatureRow[];
  /** The windows, for JSON. */
  snapshot(): unknown;
}

/** A line without samples, or with those of a snapshot. */
export function createLine(options: LineOptions): Line {
  const { model, assets, flushAfterMs, state } = options;
  const isOurs = createAssetFilter(assets);
  const channels = new Set(model.spec.channels.map(({ name }) => name));
  const windows = createWindows({ spec: model.spec, flushAfterMs, snapshot: state });
  return {
    model,
    reads: (asset, channel) => channels.has(channel) && isOurs(asset),
    accepts: windows.accepts,
    push: windows.push,
    hasSilent: windows.hasSilent,
    flushSilent: windows.flushSilent,
    snapshot: windows.snapshot,
  };
}
