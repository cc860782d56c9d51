// What measuring a cell takes, whichever way its table has it measured.
import type { EpochReport } from '../../fit/fit.ts';
import type { GraphData } from '../../graph/graph-data.ts';
import type { PreparedData } from '../../run/prepare.ts';
import type { TaskCell } from '../messages.ts';

export interface MeasureCellOptions {
  readonly graph: GraphData;
  readonly data: PreparedData;
  readonly cell: TaskCell;
  /** float32 [N, C]; an empty array for methods without a teacher. */
  readonly teacherLogits: Float32Array;
  /** int32 [N]; `undefined` where no teacher was run. */
  readonly teacherPredictions: Int32Array | undefined;
  onEpoch?(student: number, report: EpochReport): void;
}
