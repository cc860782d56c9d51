// Runs one cell on a prepared graph and keeps what tables and plots need of it.
import { createRandom } from '@dandan/shared/random';
import type { MethodResult } from '../baselines/method.ts';
import { runMethod } from '../baselines/run-method.ts';
import { percent } from '../evaluate/figures.ts';
import type { EpochReport } from '../fit/fit.ts';
import type { GraphData } from '../graph/graph-data.ts';
import type { PreparedData } from '../run/prepare.ts';
import { breakDown } from './breakdown.ts';
import type { CellResult } from './cell.ts';
import { earlyExits } from './early-exits.ts';
import { runIndependent } from './independent-students.ts';
import type { TaskCell } from './messages.ts';

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

const round = (value: number) => Math.round(value);

/** Shares to percent, MACs to whole numbers, seconds to hundredths. */
export function compactResult(result: MethodResult): CellResult {
  const { output, stages, curve, seconds } = result;
  return {
    accuracy: percent(output.accuracy),
    validation: percent(output.validationAccuracy),
    macs: round(output.macs),
    seconds: Math.round(seconds * 100) / 100,
    stages: stages.map((stage) => ({
      accuracy: percent(stage.accuracy),
      validation: percent(stage.validationAccuracy),
      macs: round(stage.macs),
      cumulativeMacs: round(stage.cumulativeMacs),
      epochs: stage.epochs,
    })),
    curve: curve.map(({ macs, accuracy }) => ({ macs: round(macs), accuracy: percent(accuracy) })),
  };
}

/** @throws {InputError} `training-diverged`. */
export async function measureCell(options: MeasureCellOptions): Promise<CellResult> {
  const { graph, data, cell, teacherPredictions, teacherLogits, onEpoch = () => {} } = options;
  const { method } = cell;
  if (method === 'teacher') throw new RangeError('The teacher is measured by the group it leads');
  const common = { graph, data, options: cell.options, teacherLogits, onEpoch };
  const result =
    method === 'progmlp-independent'
      ? await runIndependent({ ...common, random: createRandom(cell.options.seed) })
      : await runMethod({ ...common, method });
  const { logits, stages } = result;
  const { split, classWeights } = data;
  const compact: CellResult = {
    ...compactResult(result),
    ...(method.startsWith('progmlp') && {
      exits: earlyExits({ graph, split, logits, stages, classWeights }),
    }),
  };
  if (!cell.breakdown || teacherPredictions === undefined) return compact;
  const breakdown = breakDown({
    graph,
    predictions: result.predictions,
    teacherPredictions,
    test: split.test,
  });
  return { ...compact, breakdown };
}
