// One model at work: the windows of its assets, and its bundle's first stages.
import {
  type FeatureRow,
  type Sample,
  type TelemetrySpec,
  toChannelUnit,
} from '@dandan/shared/features';
import type { LocalModel } from '../cascade/index.ts';
import { createWindows } from './windows.ts';

export interface LineOptions {
  readonly model: LocalModel;
  /** Whether an asset is this model's to read. */
  readonly isOurs: (asset: string) => boolean;
  /** A silent asset's row is built this long after it was due, milliseconds; 0: never. */
  readonly flushAfterMs: number;
  /** What `snapshot` gave for the same bundle. */
  readonly state?: unknown;
}

export interface Line {
  readonly model: LocalModel;
  readonly flushAfterMs: number;
  /** Whether a sample of this asset and channel goes into its rows. */
  reads(asset: string, channel: string): boolean;
  /** False when `asset` is new and there is no room for it. */
  accepts(asset: string): boolean;
  /** The sample in the unit of the channel. @throws {InputError} `unit-unknown`. */
  inUnit(sample: Sample): Sample;
  /** Takes such a sample that arrived at wall clock `receivedAt`; returns the rows it completes. */
  push(sample: Sample, receivedAt: number): FeatureRow[];
  /** Whether some asset has rows to give at wall clock `now` because it has fallen silent. */
  hasSilent(now: number): boolean;
  /** Those rows. */
  flushSilent(now: number): FeatureRow[];
  /** The windows, for JSON. */
  snapshot(): unknown;
}

type Channel = TelemetrySpec['channels'][number];

/**
 * A line without samples, or with those of a snapshot.
 *
 * @throws {InputError} `snapshot-invalid`.
 */
export function createLine(options: LineOptions): Line {
  const { model, isOurs, flushAfterMs, state } = options;
  const channels = new Map<string, Channel>(
    model.spec.channels.map((channel) => [channel.name, channel]),
  );
  const windows = createWindows({ spec: model.spec, flushAfterMs, snapshot: state });
  return {
    model,
    flushAfterMs,
    reads: (asset, channel) => channels.has(channel) && isOurs(asset),
    accepts: windows.accepts,
    inUnit: (sample) =>
      sample.unit === undefined
        ? sample
        : toChannelUnit(sample, channels.get(sample.channel) as Channel),
    push: windows.push,
    hasSilent: windows.hasSilent,
    flushSilent: windows.flushSilent,
    snapshot: windows.snapshot,
  };
}
