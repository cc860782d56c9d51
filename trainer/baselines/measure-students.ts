// What trained students are worth and cost: accuracies of each and of all together,
// multiply-accumulates as they add up.
import type { GraphData } from '../graph/graph-data.ts';
import { argmaxRow, type ClassWeights, shareCorrect } from '../metrics/accuracy.ts';
import { meanColumns, type PreparedData } from '../run/prepare.ts';
import { studentMacs } from '../student/student-macs.ts';
import type { MethodResult } from './method.ts';

/** What a method leaves: K students and the running answer after each. */
export interface TrainedStudents {
  readonly students: readonly {
    /** float32 [N, C]. */
    readonly logits: Float32Array;
    readonly epochs: number;
    /** Units of the predecessors that its first layer reads. */
    readonly reads: number;
    readonly widths: readonly number[];
    readonly headInputs: number;
  }[];
  /** Per number of students, int32 [N]. */
  readonly running: readonly Int32Array[];
  /** What a validation node of each class counts, by a method's own estimate. */
  readonly classWeights?: ClassWeights;
}

/** A student of these hidden layers that reads x alone. */
export const alone = (
  widths: readonly number[],
  logits: Float32Array,
  epochs: number,
): TrainedStudents['students'][number] => ({
  logits,
  epochs,
  reads: 0,
  widths,
  headInputs: widths[widths.length - 1],
});

/** Accuracies on the validation and test nodes of `data`. */
export function measureStudents(
  trained: TrainedStudents,
  { graph, data }: { readonly graph: GraphData; readonly data: PreparedData },
): Omit<MethodResult, 'method' | 'seconds'> {
  const { students, running, classWeights = data.classWeights } = trained;
  const { labels } = graph;
  const classes = graph.classes.length;
  const { validation, test } = data.split;
  const shareOf = (answers: Int32Array, nodes: Int32Array, weights?: ClassWeights) =>
    shareCorrect(
      nodes.map((node) => answers[node]),
      labels,
      nodes,
      weights,
    );
  const measure = (answers: Int32Array) => ({
    accuracy: shareOf(answers, test),
    validationAccuracy: shareOf(answers, validation, classWeights),
  });
  const columns = meanColumns(data.rows);
  let cumulativeMacs = 0;
  const stages = students.map(({ logits, epochs, ...shape }) => {
    const macs = studentMacs({ ...shape, columns, classes });
    cumulativeMacs += macs;
    const own = labels.map((_, i) => argmaxRow(logits, classes, i));
    return { ...measure(own), macs, cumulativeMacs, epochs };
  });
  const predictions = running[running.length - 1];
  return {
    stages,
    output: { ...measure(predictions), macs: cumulativeMacs },
    predictions,
    logits: students.map(({ logits }) => logits),
    curve: running.map((answers, k) => ({
      macs: stages[k].cumulativeMacs,
      accuracy: measure(answers).accuracy,
    })),
  };
}
