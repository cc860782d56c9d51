// The gatekeeper with a run's data and choices: one list for a run and for the comparison.
import type { Random } from '@dandan/shared/random';
import type { Engine } from '../autodiff/index.ts';
import type { DistilledStage } from '../distill/distill-cascade.ts';
import { tuneHeads } from '../distill/gatekeeper.ts';
import type { GraphData } from '../graph/graph-data.ts';
import type { Structure } from '../student/student.ts';
import type { PreparedData } from './prepare.ts';

export interface GateHeadsOptions {
  readonly graph: GraphData;
  readonly data: PreparedData;
  readonly structure: Structure;
  /** See `TrainOptions`. */
  readonly gatekeeper: number;
  /** That of the run. */
  readonly random: Random;
  readonly engine?: Engine | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** @throws the signal's reason when aborted. */
export function gateHeads(
  stages: readonly DistilledStage[],
  { graph, data, structure, gatekeeper, random, engine, signal }: GateHeadsOptions,
): Promise<readonly DistilledStage[]> {
  return tuneHeads({
    structure,
    stages,
    classes: graph.classes.length,
    nodes: data.taught,
    weight: gatekeeper,
    labels: graph.labels,
    validation: data.split.validation,
    classWeights: data.classWeights,
    random: random.fork('gatekeeper'),
    engine,
    signal,
  });
}
