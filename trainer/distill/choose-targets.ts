// What student k learns from: the teacher as published, or the best of what teacher, earlier
// students and graph say together.
import type { Adjacency } from '../graph/graph-data.ts';
import { accuracyOf } from '../metrics/accuracy.ts';
import { asLogits, meanProbabilities, refineTargets } from './refine-targets.ts';

/** `teacher`: z^g for every student (ProGMLP Eq. 3). `progressive`: see `chooseTargets`. */
export const TARGETS = ['teacher', 'progressive'] as const;
export type Targets = (typeof TARGETS)[number];

/** On Cora 5 steps with restart 0.2 beat 2 with 0.3 and 10 with 0.1 (docs/decisions.md). */
const SPREAD = { steps: 5, restart: 0.2 };

export interface ChooseTargetsOptions {
  /** float32 [N, classes]. */
  readonly teacherLogits: Float32Array;
  /** Those of the students trained so far, [N, classes] each. */
  readonly studentLogits: readonly Float32Array[];
  readonly classes: number;
  /** The graph that training may see. */
  readonly adjacency: Adjacency;
  readonly labels: Int32Array;
  readonly split: { readonly train: Int32Array; readonly validation: Int32Array };
}

/**
 * Candidates are the teacher, the mean of teacher and running output of the students so far,
 * and both spread over the graph (`refineTargets`); the one that answers most validation nodes
 * rightly is taken, the earliest of equals. Spreading gains on Cora and loses on Amazon Photo,
 * where many edges join classes: no fixed choice suits both.
 *
 * @returns logits [N, classes] whose softmax the student is to match.
 */
export function chooseTargets(options: ChooseTargetsOptions): Float32Array {
  const { teacherLogits, studentLogits, classes, adjacency, labels, split } = options;
  const teacher = meanProbabilities([teacherLogits], classes);
  const candidates: Float32Array[] = [teacher];
  if (studentLogits.length > 0) {
    const students = meanProbabilities(studentLogits, classes);
    candidates.push(teacher.map((p, at) => (p + students[at]) / 2));
  }
  const { train } = split;
  const spread = candidates.map((probabilities) =>
    refineTargets({ adjacency, probabilities, classes, labels, train, ...SPREAD }),
  );
  const right = (matrix: Float32Array) => accuracyOf(matrix, classes, labels, split.validation);
  const best = [...candidates, ...spread].reduce((a, b) => (right(b) > right(a) ? b : a));
  return best === teacher ? teacherLogits : asLogits(best);
}
