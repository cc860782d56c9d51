// The numbers of a row from what the channels of an asset hold.
import { writeBandLevels } from './band-levels.ts';
import { type ChannelBuffer, rangeUntil } from './channel-buffer.ts';
import type { ChannelLayout, RowLayout } from './row-layout.ts';
import type { FeatureRow } from './sample.ts';
import { writeStatistics } from './statistics.ts';
import type { ChannelWindow, SampleRange } from './window.ts';

/** Where nothing lies in it, a window of the last value before, if that is not too old. */
function windowOf(
  buffer: ChannelBuffer,
  { begin, end }: SampleRange,
  time: number,
  holdMs: number | undefined,
): ChannelWindow {
  const { droppedTime, droppedValue, droppedSince } = buffer;
  const isHeld = holdMs !== undefined && begin === end && droppedTime >= time - holdMs;
  return {
    times: isHeld ? [droppedTime] : buffer.times,
    values: isHeld ? [droppedValue] : buffer.values,
    begin: isHeld ? 0 : begin,
    end: isHeld ? 1 : end,
    time,
    before: droppedValue,
    beforeSince: droppedSince,
  };
}

function writeChannel(layout: ChannelLayout, window: ChannelWindow, values: Float32Array): void {
  const { statistics, column, bands, missingColumn } = layout;
  writeStatistics(statistics, window, values, column);
  if (bands !== undefined) writeBandLevels(bands, window, values, column + statistics.length);
  if (missingColumn >= 0) values[missingColumn] = window.begin === window.end ? 1 : 0;
}

export interface BuildRowOptions {
  readonly layout: RowLayout;
  readonly asset: string;
  readonly time: number;
  /** Of all channels; what is older than the window has been dropped. */
  readonly buffers: readonly ChannelBuffer[];
}

/**
 * A row of what the buffers hold up to `time`; `undefined` where that is nothing. What it owes to
 * other assets is missing.
 */
export function buildRow(options: BuildRowOptions): FeatureRow | undefined {
  const { layout, asset, time, buffers } = options;
  const ranges = buffers.map((buffer) => rangeUntil(buffer, time));
  if (ranges.every(({ begin, end }) => begin === end)) return undefined;
  const values = new Float32Array(layout.width);
  for (let i = 0; i < ranges.length; i++) {
    const channel = layout.channels[i];
    writeChannel(channel, windowOf(buffers[i], ranges[i], time, channel.holdMs), values);
  }
  if (layout.upstreamColumn < layout.width) values.fill(Number.NaN, layout.upstreamColumn);
  const position = layout.positions.get(asset);
  if (position !== undefined) values.set(position, layout.positionColumn);
  return { asset, time, values };
}
