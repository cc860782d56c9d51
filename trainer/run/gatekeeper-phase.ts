// The last phase of training: heads that know when to stop. It takes seconds, so an interrupted
// run does it again.
import type { DistilledStage } from '../distill/distill-cascade.ts';
import { gateHeads } from './gate-heads.ts';
import { phaseCount } from './phase.ts';
import type { PhaseContext } from './phase-context.ts';

export async function runGatekeeper(
  context: PhaseContext,
  stages: readonly DistilledStage[],
): Promise<readonly DistilledStage[]> {
  const { options, progress } = context;
  if (options.gatekeeper === 0 || stages.length < 2) return stages;
  const total = phaseCount(options);
  const name = 'gatekeeper, heads that know when to stop';
  progress.phase({ number: total, total, name });
  const { structure, gatekeeper } = options;
  const tuned = await gateHeads(stages, { ...context, structure, gatekeeper });
  const { validationAccuracy } = tuned[tuned.length - 1];
  progress.done({ name, validationAccuracy, restored: false });
  return tuned;
}
