// The training phases of a run, each restored from its checkpoint where there is one.

import { type DistilledStage, distillCascade } from '../distill/distill-cascade.ts';
import type { EpochReport } from '../fit/fit.ts';
import { accuracyOf, type ClassWeights } from '../metrics/accuracy.ts';
import { adaptPrior } from '../prior/adapt-prior.ts';
import type { PhaseResult } from './checkpoint.ts';
import { distillOptions } from './distill-options.ts';
import { ensembleTeacher } from './ensemble-teacher.ts';
import type { PhaseContext } from './phase-context.ts';
import { adaptSingle, trainSingle } from './train-single.ts';
import { type TeacherLogits, trainedTeacher } from './trained-teacher.ts';

/** Teacher, plain MLP and single distilled MLP come before the K students. */
const BASE_PHASES = 3;

const TEACHER_NAMES: Readonly<Record<string, string>> = {
  file: 'teacher from a file',
  ensemble: 'ensemble of teachers',
};

/** Runs a phase or restores it. */
async function phase(
  context: PhaseContext,
  id: string,
  { number, name }: { number: number; name: string },
  train: (onEpoch: (report: EpochReport) => void) => Promise<PhaseResult>,
): Promise<PhaseResult> {
  const { checkpoint, progress, options } = context;
  progress.phase({ number, total: BASE_PHASES + options.widths.length, name });
  const restored = await checkpoint.load(id);
  const result = restored ?? (await train((report) => progress.epoch(report)));
  if (!restored) await checkpoint.save(id, result);
  const { validationAccuracy } = result.numbers;
  progress.done({ name, validationAccuracy, restored: restored !== undefined });
  return result;
}

export interface TeacherResult {
  /** float32 [N, C] for the students. */
  readonly logits: Float32Array;
  /** Test accuracy, 0..1. */
  readonly accuracy: number;
  /** Class shares among all visible nodes, as estimated; [C]. */
  readonly prior: Float32Array;
  /** What a validation node of each class counts; `undefined` where that prior is not assumed. */
  readonly classWeights: ClassWeights;
}

/** Trains the teacher on the graph it may see, or takes the logits of one trained elsewhere. */
export async function runTeacher(context: PhaseContext): Promise<TeacherResult> {
  const { teacher } = context.options;
  const name = TEACHER_NAMES[teacher] ?? `${teacher.toUpperCase()} teacher`;
  const label = { number: 1, name };
  const { arrays, numbers } = await phase(context, 'teacher', label, async (onEpoch) =>
    judged(context, await logitsOf(context, onEpoch)),
  );
  const { logits, classWeights, prior } = arrays;
  return { logits, accuracy: numbers.accuracy, classWeights, prior };
}

function givenTeacher({ teacherLogits }: PhaseContext): TeacherLogits {
  if (!teacherLogits) throw new TypeError("Teacher 'file' needs 'teacherLogits'");
  return { seen: teacherLogits, whole: teacherLogits };
}

function logitsOf(context: PhaseContext, onEpoch: (report: EpochReport) => void) {
  const { teacher } = context.options;
  if (teacher === 'file') return givenTeacher(context);
  if (teacher === 'ensemble') return ensembleTeacher({ ...context, onEpoch });
  return trainedTeacher({ ...context, kind: teacher, onEpoch });
}

/** What a teacher is worth, once its answers assume the class shares asked for. */
function judged(
  { graph, data, options }: PhaseContext,
  { seen, whole }: TeacherLogits,
): PhaseResult {
  const { labels } = graph;
  const classes = graph.classes.length;
  const { validation, test } = data.split;
  const accuracies = (onSeen: Float32Array, onWhole: Float32Array, weights: ClassWeights) => ({
    validationAccuracy: accuracyOf(onSeen, classes, labels, validation, weights),
    accuracy: accuracyOf(onWhole, classes, labels, test),
  });
  const nodes = data.visible;
  const { adapt, prior, classWeights } = adaptPrior({
    logits: seen,
    classes,
    labels,
    validation,
    nodes,
  });
  if (options.classPrior === 'labelled') {
    return { arrays: { logits: seen, prior }, numbers: accuracies(seen, whole, undefined) };
  }
  const logits = adapt(seen);
  return {
    arrays: { logits, prior, classWeights },
    numbers: accuracies(logits, whole === seen ? logits : adapt(whole), classWeights),
  };
}

/** A single MLP as wide as the last stage: on labels alone, or distilled (GLNN). Test accuracy, 0..1. */
export async function runSingleMlp(
  context: PhaseContext,
  kind: 'mlp' | 'glnn',
  teacherLogits: Float32Array,
): Promise<number> {
  const { graph, data, options, random, engine, signal } = context;
  const classes = graph.classes.length;
  const distilled = kind === 'glnn';
  const label = distilled
    ? { number: 3, name: 'GLNN, one distilled MLP' }
    : { number: 2, name: 'plain MLP on the labels' };
  const { numbers } = await phase(context, kind, label, async (onEpoch) => {
    const trained = await trainSingle({
      graph,
      data,
      options,
      teacherLogits: distilled ? teacherLogits : undefined,
      random: random.fork(kind),
      onEpoch,
      engine,
      signal,
    });
    const { logits, validationAccuracy } = distilled ? trained : adaptSingle(trained, context);
    const accuracy = accuracyOf(logits, classes, graph.labels, data.split.test);
    return { arrays: {}, numbers: { validationAccuracy, accuracy } };
  });
  return numbers.accuracy;
}

const stageId = (stage: number) => `stage-${stage}`;

function packStage(stage: DistilledStage): PhaseResult {
  const { weights, units, logits, innerRanges, ...numbers } = stage;
  const named = [
    ...Object.entries(weights).map(([name, values]) => [`weights/${name}`, values]),
    ...innerRanges.map((range, l) => [`range/${l}`, range]),
  ];
  return { arrays: { ...Object.fromEntries(named), units, logits }, numbers };
}

function unpackStage({ arrays, numbers }: PhaseResult): DistilledStage {
  const { units, logits, ...rest } = arrays;
  const under = (folder: string) =>
    Object.entries(rest)
      .filter(([name]) => name.startsWith(folder))
      .map(([name, values]) => [name.slice(folder.length), values] as const);
  const ranges = under('range/').sort(([a], [b]) => Number(a) - Number(b));
  return {
    ...(numbers as Omit<DistilledStage, 'weights' | 'units' | 'logits' | 'innerRanges'>),
    weights: Object.fromEntries(under('weights/')),
    innerRanges: ranges.map(([, range]) => range),
    units,
    logits,
  };
}

/** The K students, one after the other. */
export async function runStudents(
  context: PhaseContext,
  teacherLogits: Float32Array,
): Promise<DistilledStage[]> {
  const { graph, data, options, random, checkpoint, progress, engine, signal } = context;
  const total = BASE_PHASES + options.widths.length;
  const nameOf = (stage: number) => `student ${stage} of ${options.widths.length}`;
  const restored: DistilledStage[] = [];
  for (let stage = 1; stage <= options.widths.length; stage++) {
    const saved = await checkpoint.load(stageId(stage));
    if (!saved) break;
    restored.push(unpackStage(saved));
    const { validationAccuracy } = saved.numbers;
    progress.done({ name: nameOf(stage), validationAccuracy, restored: true });
  }
  return distillCascade({
    ...distillOptions(graph, data, options),
    teacherLogits,
    random: random.fork('students'),
    restored,
    onStageStart: (stage) =>
      progress.phase({ number: BASE_PHASES + stage, total, name: nameOf(stage) }),
    async onStage(stage) {
      await checkpoint.save(stageId(stage.stage), packStage(stage));
      const { validationAccuracy } = stage;
      progress.done({ name: nameOf(stage.stage), validationAccuracy, restored: false });
    },
    onEpoch: (_, report) => progress.epoch(report),
    engine,
    signal,
  });
}
