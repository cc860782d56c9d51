// Epochs of a GCN teacher on a random graph: a training step and an evaluation each.
import { createRandom } from '@dandan/shared/random';
import { cpuEngine } from '../../../trainer/autodiff/index.ts';
import { featureProduct } from '../../../trainer/network/feature-product.ts';
import { createGcn } from '../../../trainer/teacher/gcn.ts';
import { trainTeacher } from '../../../trainer/teacher/train-teacher.ts';
import { createRandomGraph, type RandomGraphOptions } from '../random-graph.ts';
import { cpuSeconds, peakRssMb, serve } from './worker.ts';

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
  readonly threads: number;
}

export interface GcnEpochsResult {
  /** Mean over the measured epochs. */
  readonly secondsPerEpoch: number;
  /** Processor time of all threads: unlike the seconds it does not grow when others use the machine. */
  readonly cpuSecondsPerEpoch: number;
  readonly peakRssMb: number;
  readonly trainingLoss: number;
}

await serve(async (task: GcnEpochsTask): Promise<GcnEpochsResult> => {
  const { graph, split } = createRandomGraph(task.graph);
  const { model, warmUp, measured } = task;
  const classes = graph.classes.length;
  const ends: number[] = [];
  const cpuEnds: number[] = [];
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
    engine: cpuEngine({ threads: task.threads }),
    onEpoch: (report) => {
      ends.push(performance.now());
      cpuEnds.push(cpuSeconds());
      trainingLoss = report.trainingLoss;
    },
  });
  // Epoch e ends at ends[e − 1]; the clock starts at the end of the warm-up.
  const [first, last] = [warmUp - 1, warmUp + measured - 1];
  return {
    secondsPerEpoch: (ends[last] - ends[first]) / 1000 / measured,
    cpuSecondsPerEpoch: (cpuEnds[last] - cpuEnds[first]) / measured,
    peakRssMb: peakRssMb(),
    trainingLoss,
  };
});
