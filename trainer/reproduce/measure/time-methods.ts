// The worker's side of Table 4: loads a set and times every method on it.
import { createRandom } from '@dandan/shared/random';
import { prepare } from '../../run/prepare.ts';
import type { TrainOptions } from '../../run/train-options.ts';
import { loadGraph, splitOf } from '../load-graph.ts';
import type { InferenceTask, Reply } from '../messages.ts';
import { type MeasureInferenceOptions, measureInference } from './measure-inference.ts';

type Timed = MeasureInferenceOptions['method'];

export async function timeMethods({ path, options, methods }: InferenceTask): Promise<Reply> {
  const graph = await loadGraph(path);
  const split = await splitOf(graph, { path, split: 'random', options });
  const data = prepare(graph, split, options, createRandom(options.seed));
  const milliseconds: Record<string, number> = {};
  for (const method of methods.filter((name): name is Timed => name !== 'progmlp-independent')) {
    const given = options as TrainOptions & MeasureInferenceOptions['options'];
    const ms = await measureInference({ graph, data, options: given, method });
    milliseconds[method] = Math.round(ms * 1000) / 1000;
  }
  return { kind: 'inference', milliseconds };
}
