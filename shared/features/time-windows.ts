// Windows of one asset by time: a row at every multiple of the stride.
import {
  type AssetState,
  type AssetWindows,
  type AssetWindowsOptions,
  addReading,
  bufferedIn,
  emptyBuffers,
  heardIn,
  openState,
  snapshotState,
} from './asset-windows.ts';
import { buildRow } from './build-row.ts';
import { copyBuffer, dropUntil } from './channel-buffer.ts';
import type { JoinedWindows } from './joined-windows.ts';
import type { FeatureRow } from './sample.ts';
import type { TimeWindowSpec } from './spec.ts';

export function createTimeWindows(
  options: AssetWindowsOptions<TimeWindowSpec>,
): AssetWindows & JoinedWindows {
  const { spec, layout, asset, counters, snapshot } = options;
  const { windowMs, strideMs } = spec;
  const state: AssetState = openState(options);
  // The first row waits for a whole window, as every training row had one.
  const firstDue = (time: number) => Math.ceil((time + windowMs) / strideMs) * strideMs;
  let due = snapshot?.due ?? firstDue(options.time);

  function build(time: number): FeatureRow | undefined {
    const { buffers, reference } = state;
    for (const buffer of buffers) dropUntil(buffer, time - windowMs);
    const row = buildRow({ layout, asset, time, buffers, reference });
    for (const buffer of buffers) dropUntil(buffer, time + strideMs - windowMs);
    return row;
  }

  /** Builds the rows due strictly before `until` whose windows reach back to a sample, of `latest`. */
  function advance(until: number, latest = state.latest): FeatureRow[] {
    const rows: FeatureRow[] = [];
    for (; due < until && due - windowMs < latest; due += strideMs) {
      const row = build(due);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }

  function beginAnew(time: number): FeatureRow[] {
    counters.clockJumps++;
    const rows = advance(state.latest + 1);
    state.buffers = emptyBuffers(layout);
    state.latest = time;
    due = firstDue(time);
    return rows;
  }

  return {
    get buffered() {
      return bufferedIn(state);
    },
    get due() {
      return due;
    },
    get latest() {
      return state.latest;
    },
    get heard() {
      return heardIn(state);
    },
    peek(time) {
      const buffers = state.buffers.map(copyBuffer);
      for (const buffer of buffers) dropUntil(buffer, time - windowMs);
      return buildRow({ layout, asset, time, buffers, reference: state.reference });
    },
    push(channel, time, value, historical) {
      let rows: FeatureRow[] = [];
      if (time >= state.latest) {
        state.clock.follows();
        if (due < time) {
          rows = advance(time);
          // What is due still lies in a stretch without any sample.
          if (due < time) due = Math.ceil(time / strideMs) * strideMs;
        }
        state.latest = time;
      } else if (time <= state.latest - windowMs && !historical) {
        if (!state.clock.behind(time)) {
          counters.outdated++;
          return rows;
        }
        rows = beginAnew(time);
      } else {
        if (!historical) state.clock.follows();
        if (time <= due - windowMs) {
          counters.outdated++;
          return rows;
        }
      }
      addReading(state, channel, time, value);
      return rows;
    },
    // Where nothing can be told, nothing moves on: a flush without rows changes nothing.
    flush: (time) => advance(time + 1, heardIn(state)),
    snapshot: () => ({ ...snapshotState(asset, state), due }),
  };
}
