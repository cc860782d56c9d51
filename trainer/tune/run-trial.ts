// One trial: the teacher and the first students of a training run, judged on the
// validation nodes. Test labels are not even in reach.
import { createRandom } from '@dandan/shared/random';
import type { Engine } from '../autodiff/index.ts';
import type { GraphData, Split } from '../graph/graph-data.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import { type PreparedData, prepare } from '../run/prepare.ts';
import type { Progress } from '../run/progress.ts';
import { runStudents } from '../run/student-phases.ts';
import { runTeacher } from '../run/teacher-phase.ts';
import type { TrainOptions } from '../run/train-options.ts';
import { type Score, scoreStages } from './score-stages.ts';

export interface TrialOptions {
  readonly graph: GraphData;
  readonly split: Split;
  /** Logits [N, C] of a teacher trained elsewhere; only with teacher `file`. */
  readonly teacherLogits?: Float32Array | undefined;
  /** Those of the whole run. */
  readonly options: TrainOptions;
  /** Students to train, at most all; 0 trains the teacher alone. */
  readonly stages: number;
  readonly checkpoint: Checkpoint;
  /** What it trains on. @default {the CPU's} */
  readonly engine?: Engine | undefined;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

const NOBODY = new Int32Array(0);

/** The same data with no label but those for training and validation, and no test nodes. */
function withoutReported(graph: GraphData, data: PreparedData) {
  const { train, validation } = data.split;
  const labels = new Int32Array(graph.labels.length).fill(-1);
  for (const node of [...train, ...validation]) labels[node] = graph.labels[node];
  return { graph: { ...graph, labels }, data: { ...data, split: { ...data.split, test: NOBODY } } };
}

/**
 * Trains what the checkpoint does not hold. The phases are those of `trainRun` with the
 * same random streams, so a trial is the run that its options would give, up to the gatekeeper:
 * that leaves the last stage's answers as they are.
 *
 * @returns the score of the running output; `undefined` for the teacher alone.
 * @throws the signal's reason when aborted; {InputError} `training-diverged`.
 */
export async function runTrial(trial: TrialOptions): Promise<Score | undefined> {
  const { options, stages, teacherLogits, checkpoint, engine, progress, signal } = trial;
  const random = createRandom(options.seed);
  const prepared = prepare(trial.graph, trial.split, options, random);
  const { graph, data } = withoutReported(trial.graph, prepared);
  const widths = options.widths.slice(0, stages);
  const context = { graph, data, teacherLogits, random, checkpoint, engine, progress, signal };
  const teacher = await runTeacher({ ...context, options });
  const { classWeights } = teacher;
  if (stages === 0) return undefined;
  const students = await runStudents(
    { ...context, data: { ...data, classWeights }, options: { ...options, widths } },
    teacher.logits,
  );
  return scoreStages({
    logits: students.map(({ logits }) => logits),
    classes: graph.classes.length,
    labels: graph.labels,
    nodes: data.split.validation,
    classWeights,
  });
}
