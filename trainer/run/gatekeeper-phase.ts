// The last phase of training: heads that know when to stop. It takes seconds, so an interrupted
// run does it again.
import type { DistilledStage } from '../distill/distill-cascade.ts';
import { tuneHeads } from '../distill/gatekeeper.ts';
import { phaseCount } from './phase.ts';
import type { PhaseContext } from './phase-context.ts';

export async function runGatekeeper(
  context: PhaseContext,
  stages: readonly DistilledStage[],
): Promise<readonly DistilledStage[]> {
  const { graph, data, options, random, progress, engine, signal } = context;
  if (options.gatekeeper === 0 || stages.length < 2) return stages;
  const total = phaseCount(options);
  const name = 'gatekeeper, heads that know when to stop';
  progress.phase({ number: total, total, name });
  const tuned = await tuneHeads({
    structure: options.structure,
    stages,
    classes: graph.classes.length,
    nodes: data.taught,
    weight: options.gatekeeper,
    labels: graph.labels,
    validation: data.split.validation,
    classWeights: data.classWeights,
    random: random.fork('gatekeeper'),
    engine,
    signal,
  });
  const { validationAccuracy } = tuned[tuned.length - 1];
  progress.done({ name, validationAccuracy, restored: false });
  return tuned;
}
