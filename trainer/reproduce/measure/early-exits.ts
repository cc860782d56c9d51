// What early exit does to a cascade's accuracy and cost, by the paper's rule for whole
// batches and by Dandan's for single nodes; float32 students, test nodes.
import { batchExit } from '@dandan/shared/cascade';
import type { MethodStage } from '../../baselines/method.ts';
import { percent } from '../../evaluate/figures.ts';
import type { GraphData, Split } from '../../graph/graph-data.ts';
import { argmaxRow, type ClassWeights, shareCorrect } from '../../metrics/accuracy.ts';
import { softmaxRow } from '../../metrics/softmax-row.ts';
import { stageTemperatures } from '../../run/stage-temperatures.ts';
import type { Exits, NodeExit } from '../cell.ts';

/** Shared thresholds λ of per-node exit; a confidence of 1 is never above the first. */
const THRESHOLDS = [1, 0.99, 0.97, 0.95, 0.9, 0.85, 0.8, 0.7, 0.6, 0.5];

export interface EarlyExitsOptions {
  readonly graph: GraphData;
  readonly split: Split;
  /** What a validation node of each class counts. */
  readonly classWeights?: ClassWeights;
  /** Per student float32 [N, C]. */
  readonly logits: readonly Float32Array[];
  readonly stages: readonly Pick<MethodStage, 'cumulativeMacs'>[];
}

/** softmax(P_k / T_k) of the test nodes, per student float32 [test, C]. */
function probabilitiesOf({
  graph,
  split,
  logits,
  classWeights,
}: EarlyExitsOptions): Float32Array[] {
  const classes = graph.classes.length;
  const temperatures = stageTemperatures({ graph, data: { split, classWeights }, logits });
  return logits.map((matrix, k) => {
    const rows = new Float32Array(split.test.length * classes);
    split.test.forEach((node, i) => {
      const row = matrix.subarray(node * classes, (node + 1) * classes);
      rows.set(softmaxRow(row, temperatures[k]), i * classes);
    });
    return rows;
  });
}

/** Per number of students k: class and confidence of the running output q_k of every row. */
function runningAnswers(probabilities: readonly Float32Array[], classes: number) {
  const rows = probabilities[0].length / classes;
  const mixed = new Float32Array(probabilities[0].length);
  const weights = new Float32Array(rows);
  return probabilities.map((student) => {
    const answers = new Int32Array(rows);
    const confidence = new Float32Array(rows);
    for (let i = 0; i < rows; i++) {
      const begin = i * classes;
      const weight = Math.exp(Math.max(...student.subarray(begin, begin + classes)));
      weights[i] += weight;
      for (let c = begin; c < begin + classes; c++) mixed[c] += weight * student[c];
      answers[i] = argmaxRow(mixed, classes, i);
      confidence[i] = mixed[begin + answers[i]] / weights[i];
    }
    return { answers, confidence };
  });
}

/** Accuracy and cost of both exit rules at every threshold worth plotting. */
export function earlyExits(options: EarlyExitsOptions): Exits {
  const { graph, split, stages } = options;
  const classes = graph.classes.length;
  const { test } = split;
  const accuracy = (answers: ArrayLike<number>) =>
    percent(shareCorrect(answers, graph.labels, test));
  const probabilities = probabilitiesOf(options);
  const never = { probabilities, classes, threshold: 1 };
  const running = runningAnswers(probabilities, classes);
  const last = running.length - 1;

  function nodeExit(threshold: number): NodeExit {
    let macs = 0;
    let students = 0;
    const answers = test.map((_, i) => {
      let k = 0;
      while (k < last && running[k].confidence[i] < threshold) k++;
      macs += stages[k].cumulativeMacs;
      students += k + 1;
      return running[k].answers[i];
    });
    const mean = (sum: number) => sum / Math.max(1, test.length);
    return {
      threshold,
      accuracy: accuracy(answers),
      macs: Math.round(mean(macs)),
      students: Math.round(100 * mean(students)) / 100,
    };
  }

  return {
    confidence: batchExit(never).confidence.map((value) => Math.round(value * 1e4) / 1e4),
    batch: probabilities.map((_, k) =>
      accuracy(batchExit({ ...never, probabilities: probabilities.slice(0, k + 1) }).classes),
    ),
    node: THRESHOLDS.map(nodeExit),
  };
}
