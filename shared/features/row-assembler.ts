// Samples in, feature rows out: the one piece of code that builds rows, run by
// the trainer over history and by the gateway over live telemetry.
import { type ChannelBuffer, createChannelBuffer } from './channel-buffer.ts';
import { rowWidth, type TelemetrySpec } from './spec.ts';
import { windowStatistic } from './statistics.ts';

/** One reading of one channel of one asset. */
export interface Sample {
  readonly asset: string;
  readonly channel: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly value: number;
  /** Unit of the value, where its source states one. @default {that of the channel in the spec} */
  readonly unit?: string;
  /** Kept and sent later by its sender: its age says nothing about the sender's clock. */
  readonly historical?: boolean;
}

/** The features of one asset over the window that ends at `time`. */
export interface FeatureRow {
  readonly asset: string;
  /** Milliseconds since the epoch, a whole multiple of the stride. */
  readonly time: number;
  /** float32 [width]; NaN where the channel was silent for the whole window. */
  readonly values: Float32Array;
}

export interface RowAssembler {
  /**
   * Takes a sample; returns the rows it completes. A row is complete when its
   * asset reports a later time, and is made of what has arrived by then: a later
   * straggler counts for later windows only. The first sample to arrive opens its
   * asset; the first row is due a whole window after it. Samples of channels
   * outside the spec are ignored.
   */
  push(sample: Sample): FeatureRow[];
  /** Rows still open that are due at or before `time`, as at the end of a history. */
  flush(time: number): FeatureRow[];
}

interface AssetState {
  readonly buffers: readonly ChannelBuffer[];
  /** Time at which the next row is due. */
  due: number;
  /** Latest sample time seen. */
  latest: number;
}

/** An assembler for any number of assets that share one spec. */
export function createRowAssembler(spec: TelemetrySpec): RowAssembler {
  const { windowMs, strideMs, statistics } = spec;
  const position = new Map(spec.channels.map(({ name }, index) => [name, index]));
  const assets = new Map<string, AssetState>();

  function build(asset: string, state: AssetState, time: number): FeatureRow | undefined {
    const windows = state.buffers.map((buffer) => buffer.between(time - windowMs, time));
    for (const buffer of state.buffers) buffer.dropUntil(time + strideMs - windowMs);
    if (windows.every(({ times }) => times.length === 0)) return undefined;
    const values = new Float32Array(rowWidth(spec));
    let column = 0;
    for (const window of windows) {
      for (const statistic of statistics) values[column++] = windowStatistic(statistic, window);
    }
    return { asset, time, values };
  }

  /** Builds the rows due strictly before `until`; skips stretches without any sample. */
  function advance(asset: string, state: AssetState, until: number): FeatureRow[] {
    const rows: FeatureRow[] = [];
    while (state.due < until) {
      if (state.due - windowMs >= state.latest) {
        state.due = Math.ceil(until / strideMs) * strideMs;
        break;
      }
      const row = build(asset, state, state.due);
      if (row !== undefined) rows.push(row);
      state.due += strideMs;
    }
    return rows;
  }

  function open(asset: string, time: number): AssetState {
    const state = {
      buffers: spec.channels.map(createChannelBuffer),
      // The first row waits for a whole window, as every training row had one.
      due: Math.ceil((time + windowMs) / strideMs) * strideMs,
      latest: time,
    };
    assets.set(asset, state);
    return state;
  }

  return {
    push({ asset, channel, time, value }) {
      const index = position.get(channel);
      if (index === undefined || !Number.isFinite(value)) return [];
      const state = assets.get(asset) ?? open(asset, time);
      const rows = advance(asset, state, time);
      state.buffers[index].insert(time, value);
      if (time > state.latest) state.latest = time;
      return rows;
    },
    flush(time) {
      return [...assets].flatMap(([asset, state]) => advance(asset, state, time + 1));
    },
  };
}
