// The samples of one channel that a row is made of.

/** Samples of one channel, ascending in time. */
export interface WindowSamples {
  /** Milliseconds since the epoch. */
  readonly times: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** The samples of `begin ≤ position < end`. */
export interface SampleRange extends WindowSamples {
  readonly begin: number;
  readonly end: number;
}

/** The samples of a window, and what is known from before it. */
export interface ChannelWindow extends SampleRange {
  /** The row's, milliseconds since the epoch. */
  readonly time: number;
  /** Value of the last sample before the window; NaN where none is known. */
  readonly before: number;
  /** Time of the sample with which it became that value. */
  readonly beforeSince: number;
}
