// One phase of a run: shown, run or restored, kept.
import type { EpochReport } from '../fit/fit.ts';
import type { PhaseResult } from './checkpoint.ts';
import type { PhaseContext } from './phase-context.ts';

/** Teacher, plain MLP and single distilled MLP come before the K students. */
export const BASE_PHASES = 3;

/** All phases of a run: a gatekeeper comes after the students where there are early stages to tune. */
export const phaseCount = ({ widths, gatekeeper }: PhaseContext['options']): number =>
  BASE_PHASES + widths.length + (gatekeeper > 0 && widths.length > 1 ? 1 : 0);

/** Runs a phase, or restores it from its checkpoint where there is one. */
export async function phase(
  context: PhaseContext,
  id: string,
  { number, name }: { number: number; name: string },
  train: (onEpoch: (report: EpochReport) => void) => Promise<PhaseResult>,
): Promise<PhaseResult> {
  const { checkpoint, progress, options } = context;
  progress.phase({ number, total: phaseCount(options), name });
  const restored = await checkpoint.load(id);
  const result = restored ?? (await train((report) => progress.epoch(report)));
  if (!restored) await checkpoint.save(id, result);
  const { validationAccuracy } = result.numbers;
  progress.done({ name, validationAccuracy, restored: restored !== undefined });
  return result;
}
