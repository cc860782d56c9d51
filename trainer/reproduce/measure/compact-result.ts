// A method's result as a cell keeps it: rounded, without what a table cannot use.
import type { MethodResult } from '../../baselines/method.ts';
import { percent } from '../../evaluate/figures.ts';
import type { CellResult } from '../cell.ts';

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
