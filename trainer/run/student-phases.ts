// The phases of the MLPs: the two single ones beside the cascade, and its K students.
import { type DistilledStage, distillCascade } from '../distill/distill-cascade.ts';
import { accuracyOf } from '../metrics/accuracy.ts';
import { championWeights } from '../warm-start/champion-weights.ts';
import { packAnswers } from './answers/test-answers.ts';
import type { PhaseResult } from './checkpoint.ts';
import { distillOptions } from './distill-options.ts';
import { BASE_PHASES, phase, phaseCount } from './phase.ts';
import type { PhaseContext } from './phase-context.ts';
import { adaptSingle, trainSingle } from './train-single.ts';

/** On the test nodes: accuracy, 0..1, and what `packAnswers` made of the answers. */
export interface SingleResult {
  readonly accuracy: number;
  readonly answers: Float32Array;
}

/** A single MLP as wide as the last stage: on labels alone, or distilled (GLNN). */
export async function runSingleMlp(
  context: PhaseContext,
  kind: 'mlp' | 'glnn',
  teacherLogits: Float32Array,
): Promise<SingleResult> {
  const { graph, data, options, random, engine, signal } = context;
  const classes = graph.classes.length;
  const distilled = kind === 'glnn';
  const label = distilled
    ? { number: 3, name: 'GLNN, one distilled MLP' }
    : { number: 2, name: 'plain MLP on the labels' };
  const { arrays, numbers } = await phase(context, kind, label, async (onEpoch) => {
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
    const { test } = data.split;
    const accuracy = accuracyOf(logits, classes, graph.labels, test);
    const answers = packAnswers(logits, classes, test);
    return { arrays: { answers }, numbers: { validationAccuracy, accuracy } };
  });
  return { accuracy: numbers.accuracy, answers: arrays.answers };
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
  const { graph, data, options, champion, random, checkpoint, progress, engine, signal } = context;
  const total = phaseCount(options);
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
    initial: champion && championWeights({ champion, ...data }),
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
