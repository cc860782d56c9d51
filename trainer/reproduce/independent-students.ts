// The ablation "without PTS": K students of the paper's width, each from random weights
// and without the others' activations, mixed like a cascade's (ProGMLP Figure 5).
import type { Random } from '@dandan/shared/random';
import type { MethodResult, RunMethodOptions } from '../baselines/method.ts';
import { cascadeWidths, trainCascade } from '../baselines/train-cascade.ts';
import { runningClasses } from '../evaluate/running-output.ts';
import { argmaxRow, type ClassWeights, shareCorrect } from '../metrics/accuracy.ts';
import { meanColumns } from '../run/prepare.ts';
import { stageTemperatures } from '../run/stage-temperatures.ts';
import { studentMacs } from '../student/student-macs.ts';

export interface RunIndependentOptions extends Omit<RunMethodOptions, 'method'> {
  readonly random: Random;
}

/** Trains and measures them as `runMethod` does its methods. */
export async function runIndependent(given: RunIndependentOptions): Promise<MethodResult> {
  const { graph, data, options, random } = given;
  const { labels } = graph;
  const classes = graph.classes.length;
  const started = performance.now();
  const widths = cascadeWidths('paper', options);
  const students: { logits: Float32Array; epochs: number }[] = [];
  for (const [index, width] of widths.entries()) {
    const { stages } = await trainCascade('paper', {
      ...given,
      method: 'progmlp-paper',
      options: { ...options, widths: [width] },
      random: random.fork(`independent ${index + 1}`),
      onEpoch: (_, report) => given.onEpoch?.(index + 1, report),
      signal: given.signal as AbortSignal,
    });
    students.push(stages[0]);
  }
  const logits = students.map((student) => student.logits);
  const { classWeights } = data;
  const { validation, test } = data.split;
  const temperatures = stageTemperatures({ graph, data, logits });
  const accuracies = (answers: Int32Array) => {
    const at = (nodes: Int32Array, weights?: ClassWeights) =>
      shareCorrect(
        nodes.map((node) => answers[node]),
        labels,
        nodes,
        weights,
      );
    return { accuracy: at(test), validationAccuracy: at(validation, classWeights) };
  };
  const columns = meanColumns(data.rows);
  const macs = widths.map((width) => {
    const layers = Array<number>(options.hiddenLayers).fill(width);
    return studentMacs({ columns, classes, reads: 0, widths: layers, headInputs: width });
  });
  const cumulative = macs.map((_, k) => macs.slice(0, k + 1).reduce((a, b) => a + b));
  const all = Int32Array.from({ length: labels.length }, (_, node) => node);
  const running = students.map((_, k) =>
    runningClasses(logits.slice(0, k + 1), temperatures, classes, all),
  );
  const predictions = running[running.length - 1];
  return {
    method: 'progmlp-paper',
    stages: students.map(({ epochs }, k) => ({
      ...accuracies(labels.map((_, node) => argmaxRow(logits[k], classes, node))),
      macs: macs[k],
      cumulativeMacs: cumulative[k],
      epochs,
    })),
    output: { ...accuracies(predictions), macs: cumulative[cumulative.length - 1] },
    predictions,
    logits,
    curve: running.map((answers, k) => ({
      macs: cumulative[k],
      accuracy: accuracies(answers).accuracy,
    })),
    seconds: (performance.now() - started) / 1000,
  };
}
