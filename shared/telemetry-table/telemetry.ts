// What the tables of a plant hold once they are read: series of readings in the order of time, and
// what the files themselves say of classes and sets.

export const HISTORY_SETS = ['train', 'validation', 'test'] as const;

/** What a run is for, where its files say so. */
export type HistorySet = (typeof HISTORY_SETS)[number];

export interface ChannelFound {
  readonly name: string;
  /** As the configuration or the files state it; '' where they do not. */
  readonly unit: string;
}

/** A stretch of readings that joins to no other: a batch, a campaign, a file of a test rig. */
export interface Run {
  /** '' where the history is one run. */
  readonly name: string;
  readonly set?: HistorySet | undefined;
}

/** The readings of one channel of one asset in one run. */
export interface Series {
  /** Position in `runs`. */
  readonly run: number;
  /** Position in `assets`. */
  readonly asset: number;
  /** Position in `channels`. */
  readonly channel: number;
  /** float64, milliseconds since the epoch, ascending without repeats: the last of several counts. */
  readonly times: Float64Array;
  /** float64, in the channel's unit, finite. */
  readonly values: Float64Array;
}

/** What somebody, or a column, knows of a stretch of time. */
export interface LabelInterval {
  /** `undefined`: all assets. */
  readonly asset: string | undefined;
  /** `undefined`: all runs that cover the time. */
  readonly run: string | undefined;
  /** First and last time that it holds for, both included, milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly class: string;
}

export interface Telemetry {
  readonly assets: readonly string[];
  readonly channels: readonly ChannelFound[];
  readonly runs: readonly Run[];
  /** By run, then asset, then channel; none is empty. */
  readonly series: readonly Series[];
  /** From a column that states the class of every row; empty where there is none. */
  readonly intervals: readonly LabelInterval[];
}
