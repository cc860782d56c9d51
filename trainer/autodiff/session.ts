// Runs expressions: lowers them once, then feeds and fetches plain typed arrays.
import './no-telemetry.ts';
import * as onnxruntime from 'onnxruntime-node';
import type { Expression } from './expression.ts';
import { lower, resultName } from './onnx/lower.ts';
import { encodeModel } from './onnx/model.ts';

/** float32 matrices and int32 row indices by input name. */
export type Feeds = Readonly<Record<string, Float32Array | Int32Array>>;
export type Results = Readonly<Record<string, Float32Array>>;

export interface Session {
  /** Evaluates all outputs. @throws {Error} when a feed is missing or of the wrong size. */
  run(feeds: Feeds): Promise<Results>;
  release(): Promise<void>;
}

export interface SessionOptions {
  /** Expressions by the name under which a run returns them. */
  readonly outputs: Readonly<Record<string, Expression>>;
}

/**
 * One thread: ScatterND's parallel addition takes its terms in the order the threads come, so two
 * runs of one seed differed; on Cora it was also three times slower. Seeds run side by side instead.
 */
const THREADS = 1;

/** Compiles expressions for the CPU provider of onnxruntime. */
export async function createSession(options: SessionOptions): Promise<Session> {
  const { outputs } = options;
  const graph = lower({ outputs });
  const session = await onnxruntime.InferenceSession.create(encodeModel(graph), {
    executionProviders: ['cpu'],
    intraOpNumThreads: THREADS,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const { Tensor } = onnxruntime;
  return {
    async run(feeds) {
      const tensors: Record<string, onnxruntime.Tensor> = {};
      for (const { name, type, dims } of graph.inputs) {
        const data = feeds[name];
        if (data === undefined) throw new Error(`Input '${name}' was not fed`);
        tensors[name] =
          type === 'int64'
            ? new Tensor('int64', BigInt64Array.from(data, BigInt), dims)
            : new Tensor('float32', data as Float32Array, dims);
      }
      const fetched = await session.run(tensors);
      return Object.fromEntries(
        Object.keys(outputs).map((name) => [name, fetched[resultName(name)].data as Float32Array]),
      );
    },
    release: () => session.release(),
  };
}
