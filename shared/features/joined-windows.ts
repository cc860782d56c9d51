// What differences from upstream ask of the windows of an asset.
import type { FeatureRow } from './sample.ts';

export interface JoinedWindows {
  /** Time of the next row: those before are built, or there is nothing in them. */
  readonly due: number;
  /** Latest sample time. */
  readonly latest: number;
  /** Latest sample time of which a row would tell; −Infinity where there is none. */
  readonly heard: number;
  /** The row of `time` from what has arrived, without being taken for complete. */
  peek(time: number): FeatureRow | undefined;
}
