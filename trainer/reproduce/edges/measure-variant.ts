// What one graph over a history is worth: a teacher that reads it, and students that only hear of it.
import { createRandom } from '@dandan/shared/random';
import { percent } from '../../evaluate/figures.ts';
import { graphStatistics } from '../../graph/statistics.ts';
import type { EdgeKind } from '../../history/edges/index.ts';
import { joinGraph } from '../../history/history-graph.ts';
import { accuracyOf } from '../../metrics/accuracy.ts';
import { noCheckpoint } from '../../run/checkpoint.ts';
import type { PhaseContext } from '../../run/phase-context.ts';
import { prepare } from '../../run/prepare.ts';
import { silentProgress } from '../../run/progress.ts';
import { runSingleMlp, runStudents } from '../../run/student-phases.ts';
import { runTeacher } from '../../run/teacher-phase.ts';
import { DEFAULTS, TEACHER_DEFAULTS, type TrainOptions } from '../../run/train-options.ts';
import { defaultWidths } from '../../student/widths.ts';
import type { TeacherKind } from '../../teacher/create-teacher.ts';
import type { EdgeHistory } from './edge-history.ts';
import type { EdgeVariant } from './edge-variants.ts';

const STAGES = 4;
const HIDDEN = 64;

/** Test runs are unseen, as the days to come are. */
export const edgeOptions = (teacher: TeacherKind, seed: number): TrainOptions => ({
  ...DEFAULTS,
  ...TEACHER_DEFAULTS[teacher],
  teacher,
  seed,
  setting: 'ind',
  widths: defaultWidths(DEFAULTS.structure, STAGES, HIDDEN),
});

/** Accuracies on unseen runs, percent. */
export interface EdgeFigures {
  readonly edges: Readonly<Record<EdgeKind, number>>;
  /** See `GraphStatistics`. */
  readonly homophily: number | undefined;
  readonly teacher: number;
  /** Of the last stage. */
  readonly student: number;
  /** A plain MLP on the labels alone, which knows no edges. */
  readonly mlp: number;
}

export interface MeasureVariantOptions {
  readonly history: EdgeHistory;
  readonly variant: EdgeVariant;
  readonly network: TeacherKind;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** @throws the signal's reason when aborted. */
export async function measureVariant(options: MeasureVariantOptions): Promise<EdgeFigures> {
  const { history, variant, network, seed, signal } = options;
  const { graph, edges } = await joinGraph({ ...history, graph: variant.graph, seed, signal });
  const random = createRandom(seed);
  const train = edgeOptions(network, seed);
  const data = prepare(graph, history.split, train, random);
  const context: PhaseContext = {
    graph,
    data,
    options: train,
    random,
    checkpoint: noCheckpoint,
    progress: silentProgress,
    signal,
  };
  const teacher = await runTeacher(context);
  const told = { ...context, data: { ...data, classWeights: teacher.classWeights } };
  const mlp = await runSingleMlp(told, 'mlp', teacher.logits);
  const stages = await runStudents(told, teacher.logits);
  const { logits } = stages[stages.length - 1];
  return {
    edges,
    homophily: graphStatistics(graph).adjustedHomophily,
    teacher: percent(teacher.accuracy),
    student: percent(accuracyOf(logits, graph.classes.length, graph.labels, data.split.test)),
    mlp: percent(mlp.accuracy),
  };
}
