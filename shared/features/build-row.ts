// The numbers of a row from what the channels of an asset hold.
import { writeBandLevels } from './band-levels.ts';
import { type ChannelBuffer, rangeUntil } from './channel-buffer.ts';
import type { AssetReference, ChannelScale } from './reference.ts';
import { writeReferenced } from './referenced-columns.ts';
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

function writeChannel(
  layout: ChannelLayout,
  window: ChannelWindow,
  scale: ChannelScale | undefined,
  values: Float32Array,
): void {
  const { statistics, column, bands, missingColumn } = layout;
  if (scale !== undefined) writeReferenced(layout, window, scale, values);
  else {
    writeStatistics(statistics, window, values, column);
    if (bands !== undefined) writeBandLevels(bands, window, values, column + statistics.length);
  }
  if (missingColumn >= 0) values[missingColumn] = window.begin === window.end ? 1 : 0;
}

export interface BuildRowOptions {
  readonly layout: RowLayout;
  readonly asset: string;
  readonly time: number;
  /** Of all channels; what is older than the window has been dropped. */
  readonly buffers: readonly ChannelBuffer[];
  /** What the asset is measured against, where the spec has a reference. */
  readonly reference: AssetReference | undefined;
}

/** Of a channel that has readings, and no beginning yet to measure them against. */
const UNHEARD: SampleRange = { times: [], values: [], begin: 0, end: 0 };

/**
 * A row of what the buffers hold up to `time`; `undefined` where that is nothing, or nothing that can
 * be measured against its beginning. What it owes to other assets is missing.
 */
export function buildRow(options: BuildRowOptions): FeatureRow | undefined {
  const { layout, asset, time, buffers, reference } = options;
  if (reference?.hasBegun === false) return undefined;
  const isHeard = (i: number) => reference === undefined || reference.scaleOf(i) !== undefined;
  const ranges = buffers.map((buffer, i) => (isHeard(i) ? rangeUntil(buffer, time) : UNHEARD));
  if (ranges.every(({ begin, end }) => begin === end)) return undefined;
  const values = new Float32Array(layout.width);
  for (let i = 0; i < ranges.length; i++) {
    const channel = layout.channels[i];
    const holdMs = isHeard(i) ? channel.holdMs : undefined;
    const window = windowOf(buffers[i], ranges[i], time, holdMs);
    writeChannel(channel, window, reference?.scaleOf(i), values);
  }
  if (layout.upstreamColumn < layout.width) values.fill(Number.NaN, layout.upstreamColumn);
  const position = layout.positions.get(asset);
  if (position !== undefined) values.set(position, layout.positionColumn);
  return { asset, time, values };
}
