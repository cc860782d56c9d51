// The windows of one asset, by time or by count: what both forms share.
import { type ChannelBuffer, createChannelBuffer, sizeOf } from './channel-buffer.ts';
import { type ClockWatch, createClockWatch } from './clock-watch.ts';
import type { RowLayout } from './row-layout.ts';
import type { FeatureRow } from './sample.ts';
import { type AssetSnapshot, packChannel, unpackChannel } from './snapshot.ts';
import type { TelemetrySpec } from './spec.ts';

/** Running counts of what an assembler could not use as it came. */
export interface AssemblerCounters {
  /** Samples too late for every window still open; they count for nothing. */
  readonly outdated: number;
  /** Times that an asset's clock went back and its windows began anew. */
  readonly clockJumps: number;
}

export interface AssetWindows {
  readonly buffered: number;
  /** `channel` is a position in the spec. */
  push(channel: number, time: number, value: number, historical: boolean): FeatureRow[];
  flush(time: number): FeatureRow[];
  snapshot(): AssetSnapshot;
}

export interface AssetWindowsOptions<Spec extends TelemetrySpec> {
  readonly spec: Spec;
  readonly layout: RowLayout;
  readonly asset: string;
  readonly counters: { -readonly [K in keyof AssemblerCounters]: number };
  /** Time of the first sample. */
  readonly time: number;
  readonly snapshot?: AssetSnapshot | undefined;
}

export interface AssetState {
  readonly clock: ClockWatch;
  buffers: readonly ChannelBuffer[];
  /** Latest sample time seen. */
  latest: number;
}

export function openState({
  layout,
  time,
  snapshot,
}: AssetWindowsOptions<TelemetrySpec>): AssetState {
  return {
    clock: createClockWatch({ snapshot: snapshot?.clock }),
    buffers:
      snapshot?.channels.map((channel, i) =>
        unpackChannel(channel, layout.channels[i].followsChanges),
      ) ?? emptyBuffers(layout),
    latest: snapshot?.latest ?? time,
  };
}

export function emptyBuffers({ channels }: RowLayout): ChannelBuffer[] {
  return channels.map(({ followsChanges }) => createChannelBuffer(followsChanges));
}

export function snapshotState(asset: string, state: AssetState) {
  return {
    asset,
    latest: state.latest,
    clock: state.clock.snapshot(),
    channels: state.buffers.map(packChannel),
  };
}

export function bufferedIn(state: AssetState): number {
  return state.buffers.reduce((sum, buffer) => sum + sizeOf(buffer), 0);
}
