// The teacher's phase: logits from a network, several, or a file; then judged under the class
// shares that a run assumes.
import type { EpochReport } from '../fit/fit.ts';
import { accuracyOf, type ClassWeights } from '../metrics/accuracy.ts';
import { packAnswers } from './answers/test-answers.ts';
import type { PhaseResult } from './checkpoint.ts';
import { correctTargets, withoutCorrections } from './correct-targets.ts';
import { ensembleTeacher } from './ensemble-teacher.ts';
import { phase } from './phase.ts';
import type { PhaseContext } from './phase-context.ts';
import { type TeacherLogits, trainedTeacher } from './trained-teacher.ts';
import { visiblePrior } from './visible-prior.ts';

const TEACHER_NAMES: Readonly<Record<string, string>> = {
  file: 'teacher from a file',
  ensemble: 'ensemble of teachers',
};

export interface TeacherResult {
  /** float32 [N, C] for the students. */
  readonly logits: Float32Array;
  /** Test accuracy, 0..1. */
  readonly accuracy: number;
  /** Class shares among all visible nodes, as estimated; [C]. */
  readonly prior: Float32Array;
  /** What a validation node of each class counts; `undefined` where that prior is not assumed. */
  readonly classWeights: ClassWeights;
  /** On the test nodes; see `packAnswers`. */
  readonly answers: Float32Array;
}

/** Trains the teacher on the graph it may see, or takes the logits of one trained elsewhere. */
export async function runTeacher(context: PhaseContext): Promise<TeacherResult> {
  const { teacher } = context.options;
  const name = TEACHER_NAMES[teacher] ?? `${teacher.toUpperCase()} teacher`;
  const label = { number: 1, name };
  const { arrays, numbers } = await phase(context, 'teacher', label, async (onEpoch) =>
    judged(context, await logitsOf(withoutCorrections(context), onEpoch)),
  );
  const { logits: own, classWeights, prior, answers } = arrays;
  const logits = correctTargets(own, context);
  return { logits, accuracy: numbers.accuracy, classWeights, prior, answers };
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
  const told = (onSeen: Float32Array, onWhole: Float32Array, weights: ClassWeights) => ({
    answers: packAnswers(onWhole, classes, test),
    numbers: {
      validationAccuracy: accuracyOf(onSeen, classes, labels, validation, weights),
      accuracy: accuracyOf(onWhole, classes, labels, test),
    },
  });
  const { adapt, prior, classWeights } = visiblePrior({ graph, data }, seen);
  if (options.classPrior === 'labelled') {
    const { answers, numbers } = told(seen, whole, undefined);
    return { arrays: { logits: seen, prior, answers }, numbers };
  }
  const logits = adapt(seen);
  const { answers, numbers } = told(logits, whole === seen ? logits : adapt(whole), classWeights);
  return { arrays: { logits, prior, classWeights, answers }, numbers };
}
