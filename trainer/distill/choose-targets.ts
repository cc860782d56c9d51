// What student k learns from: the teacher as published, or the best of what teacher, earlier
// students and graph say together.
import type { Adjacency } from '../graph/graph-data.ts';
import { argmaxRow, type ClassWeights } from '../metrics/accuracy.ts';
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
  /** What a validation node of each class counts. */
  readonly classWeights?: ClassWeights;
}

/**
 * Whether b answers more of the nodes rightly than a, by more than one standard error of the
 * paired difference: answers of weight w that became right or wrong move √Σw² by chance. Without
 * that bar the best of four candidates on 210 nodes is often luck.
 */
function clearlyBetter(
  a: Float32Array,
  b: Float32Array,
  { classes, labels, split, classWeights }: ChooseTargetsOptions,
): boolean {
  let gained = 0;
  let moved = 0;
  for (const node of split.validation) {
    const before = argmaxRow(a, classes, node) === labels[node];
    const after = argmaxRow(b, classes, node) === labels[node];
    if (after === before) continue;
    const weight = classWeights?.[labels[node]] ?? 1;
    gained += after ? weight : -weight;
    moved += weight ** 2;
  }
  return gained > Math.sqrt(moved);
}

/**
 * Candidates are the teacher, the mean of teacher and running output of the students so far,
 * and both spread over the graph (`refineTargets`); one that answers the validation nodes
 * clearly better than those before it is taken. Spreading gains on Cora under a plain teacher
 * and loses on Amazon Photo, where many edges join classes: no fixed choice suits both.
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
  const best = [...candidates, ...spread].reduce((a, b) => (clearlyBetter(a, b, options) ? b : a));
  return best === teacher ? teacherLogits : asLogits(best);
}
