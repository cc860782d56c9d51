// What the K students of a run are trained with: one list for a run and for the comparison.
import type { DistillOptions } from '../distill/distill-cascade.ts';
import type { GraphData } from '../graph/graph-data.ts';
import { augmentationOf } from './augmentation.ts';
import { batchesOf } from './batches.ts';
import { mixupPairing } from './mixup-pairing.ts';
import type { PreparedData } from './prepare.ts';
import type { TrainOptions } from './train-options.ts';

export function distillOptions(graph: GraphData, data: PreparedData, options: TrainOptions) {
  return {
    features: data.studentFeatures,
    validationFeatures: data.validationFeatures,
    labelledFeatures: data.labelledFeatures,
    parts: data.parts,
    batches: batchesOf(options, data.studentRows),
    labels: graph.labels,
    classes: graph.classes.length,
    split: data.split,
    visible: data.taught,
    classWeights: data.classWeights,
    structure: options.structure,
    widths: options.widths,
    hiddenLayers: options.hiddenLayers,
    targets: { kind: options.targets, adjacency: data.trainingAdjacency },
    inputDropout: options.inputDropout,
    dropout: options.dropout,
    averaging: options.averaging,
    mixup: {
      sign: options.mixupSign,
      initial: options.mixupInitial,
      gamma: options.mixupGamma,
    },
    pairing: mixupPairing(graph, options.mixupPairs),
    augmentation: augmentationOf(graph, data, options.augmentation),
    hyper: options.student,
  } satisfies Partial<DistillOptions>;
}
