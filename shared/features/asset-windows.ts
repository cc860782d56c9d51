// The windows of one asset, by time or by count: what both forms share.
import { type ChannelBuffer, createChannelBuffer, insertSample, sizeOf } from './channel-buffer.ts';
import { type ClockWatch, createClockWatch } from './clock-watch.ts';
import { type AssetReference, createAssetReference } from './reference.ts';
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
  /** Of the machine, not of its clock: windows that begin anew leave it as it is. */
  readonly reference: AssetReference | undefined;
}

export function openState({
  spec,
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
    reference:
      spec.reference &&
      createAssetReference({
        samples: spec.reference.samples,
        channels: spec.channels.length,
        snapshot: snapshot?.reference,
      }),
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
    ...(state.reference === undefined ? {} : { reference: state.reference.snapshot() }),
  };
}

/** Puts a reading in its place; the first of its channel and time counts for the reference. */
export function addReading(
  { buffers, reference }: AssetState,
  channel: number,
  time: number,
  value: number,
): void {
  if (insertSample(buffers[channel], time, value)) reference?.count(channel, value);
}

/** Time of the latest reading that a row would tell of; −Infinity where there is none. */
export function heardIn({ buffers, latest, reference }: AssetState): number {
  if (reference === undefined) return latest;
  let heard = Number.NEGATIVE_INFINITY;
  if (!reference.hasBegun) return heard;
  buffers.forEach((buffer, i) => {
    if (sizeOf(buffer) === 0 || reference.scaleOf(i) === undefined) return;
    heard = Math.max(heard, buffer.times[buffer.end - 1]);
  });
  return heard;
}

export function bufferedIn(state: AssetState): number {
  return state.buffers.reduce((sum, buffer) => sum + sizeOf(buffer), 0);
}
