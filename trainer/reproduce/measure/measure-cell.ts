// Runs one cell on a prepared graph and keeps what tables and plots need of it.
import { createRandom } from '@dandan/shared/random';
import { runMethod } from '../../baselines/run-method.ts';
import { isStaircase } from '../../baselines/train-cascade.ts';
import type { CellResult } from '../cell.ts';
import { breakDown } from './breakdown.ts';
import { measureCertified } from './certified-exits.ts';
import { compactResult } from './compact-result.ts';
import { earlyExits } from './early-exits.ts';
import { runIndependent } from './independent-students.ts';
import type { MeasureCellOptions } from './measure-options.ts';
import { measureRobustness } from './robustness.ts';

/** @throws {InputError} `training-diverged`. */
export async function measureCell(options: MeasureCellOptions): Promise<CellResult> {
  const { graph, data, cell, teacherPredictions, teacherLogits, onEpoch = () => {} } = options;
  const { method } = cell;
  if (method === 'teacher') throw new RangeError('The teacher is measured by the group it leads');
  if (cell.measure === 'disturbances' && isStaircase(method)) {
    return measureRobustness({ ...options, method });
  }
  if (cell.certified && isStaircase(method)) return measureCertified({ ...options, method });
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
