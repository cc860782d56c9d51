// Windows of one asset by count: a row after every so many of its samples.
import {
  type AssetState,
  type AssetWindows,
  type AssetWindowsOptions,
  addReading,
  bufferedIn,
  emptyBuffers,
  openState,
  snapshotState,
} from './asset-windows.ts';
import { buildRow } from './build-row.ts';
import { createChannelBuffer, dropUntil, insertSample, sizeOf } from './channel-buffer.ts';
import { CLOCK_JUMP_SAMPLES, createClockWatch } from './clock-watch.ts';
import type { FeatureRow } from './sample.ts';
import { packChannel, unpackChannel } from './snapshot.ts';
import type { CountWindowSpec } from './spec.ts';

/** The newest times of an asset, whatever channel they are of. */
export function createCountWindows(options: AssetWindowsOptions<CountWindowSpec>): AssetWindows {
  const { spec, layout, asset, counters, snapshot } = options;
  const { windowSamples, strideSamples } = spec;
  const state: AssetState = openState(options);
  let instants = snapshot?.instants ? unpackChannel(snapshot.instants) : createChannelBuffer();
  // Among the newest there is room for any number of late times; a window full of them is a clock.
  const late = createClockWatch({
    limit: Math.max(CLOCK_JUMP_SAMPLES, windowSamples),
    snapshot: snapshot?.late,
  });
  /** Samples still to come before the next row, which at 0 waits for a later time only. */
  let remaining = snapshot?.remaining ?? windowSamples;

  /** The last time is over, or taken to be by a flush, which without a row changes nothing. */
  function close(isFlush = false): FeatureRow[] {
    if (remaining > 0) return [];
    const { latest: time, buffers, reference } = state;
    const row = buildRow({ layout, asset, time, buffers, reference });
    if (row !== undefined || !isFlush) remaining = strideSamples;
    return row === undefined ? [] : [row];
  }

  /** Makes room for `time` among the newest; returns whether it is new. */
  function addInstant(time: number): boolean {
    if (!insertSample(instants, time, 0)) return false;
    if (sizeOf(instants) > windowSamples) {
      const oldest = instants.times[instants.begin];
      dropUntil(instants, oldest);
      for (const buffer of state.buffers) dropUntil(buffer, oldest);
    }
    return true;
  }

  function begin(time: number): void {
    state.latest = time;
    remaining = windowSamples - 1;
    addInstant(time);
  }

  function beginAnew(time: number): FeatureRow[] {
    counters.clockJumps++;
    state.clock.follows();
    late.follows();
    const rows = close();
    state.buffers = emptyBuffers(layout);
    instants = createChannelBuffer();
    begin(time);
    return rows;
  }

  if (snapshot === undefined) begin(options.time);

  return {
    get buffered() {
      return bufferedIn(state);
    },
    push(channel, time, value, historical) {
      let rows: FeatureRow[] = [];
      if (time >= state.latest) {
        state.clock.follows();
        late.follows();
        if (time > state.latest) {
          rows = close();
          remaining--;
          state.latest = time;
          addInstant(time);
        }
      } else if (time < instants.times[instants.begin]) {
        if (historical || !(late.behind(time) || state.clock.behind(time))) {
          counters.outdated++;
          return rows;
        }
        rows = beginAnew(time);
      } else {
        if (!historical) state.clock.follows();
        if (addInstant(time) && !historical && late.behind(time)) rows = beginAnew(time);
      }
      addReading(state, channel, time, value);
      return rows;
    },
    flush: (time) => (state.latest <= time ? close(true) : []),
    snapshot: () => ({
      ...snapshotState(asset, state),
      remaining,
      instants: packChannel(instants),
      late: late.snapshot(),
    }),
  };
}
