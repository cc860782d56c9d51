// What somebody knows of a stretch of time.

/** One line of a label sheet: this asset was in this class from one time to another. */
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
