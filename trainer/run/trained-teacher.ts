// The teacher's phase: trained on the graph it may see, asked on the whole graph.
import type { EpochReport } from '../fit/fit.ts';
import type { Adjacency } from '../graph/graph-data.ts';
import type { TeacherKind } from '../teacher/create-teacher.ts';
import { propagateFeatures } from '../teacher/propagate-features.ts';
import { signLogits, trainSignInBatches } from '../teacher/train-sign-in-batches.ts';
import { networkLogits, trainTeacher } from '../teacher/train-teacher.ts';
import { batchesOf } from './batches.ts';
import type { PhaseContext } from './phase-context.ts';
import { teacherFeatures, teacherNetwork, teacherRows } from './teacher-network.ts';

interface TeacherContext extends PhaseContext {
  readonly kind: TeacherKind;
  onEpoch(report: EpochReport): void;
}

/** float32 [N, C] each. */
export interface TeacherLogits {
  /** On the graph that training may see: what students learn from. */
  readonly seen: Float32Array;
  /** On the whole graph. */
  readonly whole: Float32Array;
}

type Batches = NonNullable<ReturnType<typeof batchesOf>>;

/** What both ways of training are told. */
function shared({ graph, data, options, random, engine, signal, onEpoch }: TeacherContext) {
  return {
    labels: graph.labels,
    classes: graph.classes.length,
    split: data.split,
    random: random.fork('teacher'),
    learningRate: options.teacherLearningRate,
    weightDecay: options.teacherWeightDecay,
    maxEpochs: options.teacherMaxEpochs,
    patience: options.teacherPatience,
    onEpoch,
    engine,
    signal,
  };
}

async function inOnePiece(context: TeacherContext) {
  const { graph, data, options, kind } = context;
  const member = { ...options, teacher: kind };
  const features = teacherFeatures(data, options);
  const networkOn = (adjacency: Adjacency) =>
    teacherNetwork({ member, graph, features, adjacency });
  const network = networkOn(data.trainingAdjacency);
  const trained = await trainTeacher({ ...shared(context), network });
  const onWholeGraph = () =>
    networkLogits(networkOn(graph.adjacency), trained.weights, context.engine);
  return { trained, onWholeGraph };
}

async function inBatches(context: TeacherContext, batches: Batches) {
  const { graph, data, options, engine, signal } = context;
  const hopsOn = (adjacency: Adjacency) =>
    propagateFeatures({
      adjacency,
      features: batches.rows,
      hops: options.teacherDepth,
      engine,
      signal,
    });
  const sign = {
    ...shared(context),
    batch: batches.batch,
    hidden: options.teacherHidden,
    dropout: options.teacherDropout,
  };
  const trained = await trainSignInBatches({ ...sign, hops: await hopsOn(data.trainingAdjacency) });
  const onWholeGraph = async () =>
    signLogits({ ...sign, hops: await hopsOn(graph.adjacency) }, trained.weights);
  return { trained, onWholeGraph };
}

export async function trainedTeacher(context: TeacherContext): Promise<TeacherLogits> {
  const { data, options } = context;
  const batches =
    context.kind === 'sign' ? batchesOf(options, teacherRows(data, options)) : undefined;
  const { trained, onWholeGraph } = batches
    ? await inBatches(context, batches)
    : await inOnePiece(context);
  const whole = options.setting === 'tran' ? trained.logits : await onWholeGraph();
  return { seen: trained.logits, whole };
}
