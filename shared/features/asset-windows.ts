// The windows of one asset, by time or by count: what both forms share.
import { type ChannelBuffer, createChannelBuffer, rangeUntil, sizeOf } from './channel-buffer.ts';
import { type ClockWatch, createClockWatch } from './clock-watch.ts';
import type { FeatureRow } from './sample.ts';
import { type AssetSnapshot, packChannel, unpackChannel } from './snapshot.ts';
import { rowWidth, type TelemetrySpec } from './spec.ts';
import { writeStatistics } from './statistics.ts';

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
  spec,
  time,
  snapshot,
}: AssetWindowsOptions<TelemetrySpec>): AssetState {
  return {
    clock: createClockWatch({ snapshot: snapshot?.clock }),
    buffers: snapshot?.channels.map(unpackChannel) ?? emptyBuffers(spec),
    latest: snapshot?.latest ?? time,
  };
}

export function emptyBuffers(spec: TelemetrySpec): ChannelBuffer[] {
  return spec.channels.map(createChannelBuffer);
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

/** A row of what the buffers hold up to `time`; `undefined` where that is nothing. */
export function buildRow(
  spec: TelemetrySpec,
  asset: string,
  time: number,
  buffers: readonly ChannelBuffer[],
): FeatureRow | undefined {
  const windows = buffers.map((buffer) => rangeUntil(buffer, time));
  if (windows.every(({ begin, end }) => begin === end)) return undefined;
  const { channels, statistics } = spec;
  const values = new Float32Array(rowWidth(spec));
  for (let i = 0; i < windows.length; i++) {
    const { holdMs } = channels[i];
    const { droppedTime, droppedValue } = buffers[i];
    const isHeld =
      holdMs !== undefined && windows[i].begin === windows[i].end && droppedTime >= time - holdMs;
    const range = isHeld
      ? { times: [droppedTime], values: [droppedValue], begin: 0, end: 1 }
      : windows[i];
    writeStatistics(statistics, range, values, i * statistics.length);
  }
  return { asset, time, values };
}
