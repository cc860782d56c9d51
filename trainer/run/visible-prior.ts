// The class shares that a network's answers on a run's visible nodes tell.
import type { GraphData } from '../graph/graph-data.ts';
import { type AdaptedPrior, adaptPrior } from '../prior/adapt-prior.ts';
import type { PreparedData } from './prepare.ts';

/** @param logits float32 [N, C], from the graph that training may see. */
export const visiblePrior = (
  { graph, data }: { readonly graph: GraphData; readonly data: PreparedData },
  logits: Float32Array,
): AdaptedPrior =>
  adaptPrior({
    logits,
    classes: graph.classes.length,
    labels: graph.labels,
    validation: data.split.validation,
    nodes: data.visible,
  });
