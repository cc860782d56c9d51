// A row on its way from the windows to its answer.
import type { FeatureRow } from '@dandan/shared/features';

/** A row, and when the message that completed it arrived: wall clock, milliseconds. */
export interface BuiltRow {
  readonly row: FeatureRow;
  readonly receivedAt: number;
}
