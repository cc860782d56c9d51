// Epochs of a GCN teacher on a random graph: a training step and an evaluation each.
import { createRandom } from '@dandan/shared/random';
import { featureProduct } from '../../../trainer/network/feature-product.ts';
import { createGcn } from '../../../trainer/teacher/gcn.ts';
import { trainTeacher } from '../../../trainer/teacher/train-teacher.ts';
import { createRandomGraph, type RandomGraphOptions } from '../random-graph.ts';
import { peakRssMb, serve } from './worker.ts';

export interface GcnShape {
  readonly depth: number;
  readonly hidden: number;
  readonly dropout: number;
  readonly learningRate: number;
  readonly weightDecay: number;
}

export interface GcnEpochsTask {
  readonly graph: RandomGraphOptions;
  readonly model: GcnShape;
  /** Epochs before the clock starts, and epochs that count. */
  readonly warmUp: number;
  readonly measured: number;
}

export interface GcnEpochsResult {
  /** Mean over the measured epochs. */
  readonly secondsPerEpoch: number;
  readonly peakRssMb: number;
  readonly trainingLoss: number;
}

await serve(async (task: GcnEpochsTask): Promise<GcnEpochsResult> => {
  const { graph, split } = createRandomGraph(task.graph);
  const { model, warmUp, measured } = task;
  const classes = graph.classes.length;
  const ends: number[] = [];
  let trainingLoss = Number.NaN;
  await trainTeacher({
    network: createGcn({
      features: featureProduct(graph.features),
      adjacency: graph.adjacency,
      classes,
      hidden: model.hidden,
      depth: model.depth,
      dropout: model.dropout,
    }),
    labels: graph.labels,
    classes,
    split,
    random: createRandom(task.graph.seed).fork('teacher'),
    learningRate: model.learningRate,
    weightDecay: model.weightDecay,
    maxEpochs: warmUp + measured,
    patience: warmUp + measured,
    onEpoch: (report) => {
      ends.push(performance.now());
      trainingLoss = report.trainingLoss;
    },
  });
  // Epoch e ends at ends[e − 1]; the clock starts at the end of the warm-up.
  const milliseconds = ends[warmUp + measured - 1] - ends[warmUp - 1];
  return {
    secondsPerEpoch: milliseconds / 1000 / measured,
    peakRssMb: peakRssMb(),
    trainingLoss,
  };
});
