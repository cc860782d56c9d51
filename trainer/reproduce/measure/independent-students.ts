// The ablation "without PTS": K students of the paper's width, each from random weights
// and without the others' activations, mixed like a cascade's (ProGMLP Figure 5).
import type { Random } from '@dandan/shared/random';
import { alone, measureStudents } from '../../baselines/measure-students.ts';
import type { MethodResult, RunMethodOptions } from '../../baselines/method.ts';
import { trainCascade } from '../../baselines/train-cascade.ts';
import { runningClasses } from '../../evaluate/running-output.ts';
import { stageTemperatures } from '../../run/stage-temperatures.ts';
import { cascadeWidths } from '../../student/widths.ts';

export interface RunIndependentOptions extends Omit<RunMethodOptions, 'method'> {
  readonly random: Random;
}

/** Trains and measures them as `runMethod` does its methods. */
export async function runIndependent(given: RunIndependentOptions): Promise<MethodResult> {
  const { graph, data, options, random } = given;
  const started = performance.now();
  const students: ReturnType<typeof alone>[] = [];
  for (const [index, width] of cascadeWidths('paper', options).entries()) {
    const { stages } = await trainCascade('paper', {
      ...given,
      method: 'progmlp-paper',
      options: { ...options, widths: [width] },
      random: random.fork(`independent ${index + 1}`),
      onEpoch: (_, report) => given.onEpoch?.(index + 1, report),
    });
    const [{ logits, epochs }] = stages;
    students.push(alone(Array<number>(options.hiddenLayers).fill(width), logits, epochs));
  }
  const logits = students.map((student) => student.logits);
  const temperatures = stageTemperatures({ graph, data, logits });
  const all = Int32Array.from({ length: graph.labels.length }, (_, node) => node);
  const running = students.map((_, k) =>
    runningClasses(logits.slice(0, k + 1), temperatures, graph.classes.length, all),
  );
  return {
    method: 'progmlp-paper',
    ...measureStudents({ students, running }, given),
    seconds: (performance.now() - started) / 1000,
  };
}
