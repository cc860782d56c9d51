// What goes into a feature row and what comes out.

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
  /** Milliseconds since the epoch: a whole multiple of the stride, or the time of the last sample. */
  readonly time: number;
  /** float32 [width]; NaN where the channel was silent for the whole window. */
  readonly values: Float32Array;
}
