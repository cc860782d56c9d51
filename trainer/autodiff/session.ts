// Runs expressions: lowers them once, then feeds and fetches plain typed arrays.
import * as onnxruntime from 'onnxruntime-node';
import type { Expression } from './expression.ts';
import { lower } from './onnx/lower.ts';
import { encodeModel } from './onnx/model.ts';

/** float32 matrices and int32 row indices by input name. */
export type Feeds = Readonly<Record<string, Float32Array | Int32Array>>;
export type Results<Name extends string = string> = Record<Name, Float32Array>;

export interface Session<Name extends string = string> {
  /** Evaluates all outputs. @throws {Error} when a feed is missing or of the wrong size. */
  run(feeds: Feeds): Promise<Results<Name>>;
  release(): Promise<void>;
}

export interface SessionOptions<Name extends string> {
  readonly outputs: Readonly<Record<Name, Expression>>;
  /** Threads of one operator. @default {2} */
  readonly threads?: number;
}

/** Compiles expressions for the CPU provider of onnxruntime. */
export async function createSession<Name extends string>(
  options: SessionOptions<Name>,
): Promise<Session<Name>> {
  const { outputs, threads = 2 } = options;
  const graph = lower({ outputs });
  const session = await onnxruntime.InferenceSession.create(encodeModel(graph), {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
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
        Object.keys(outputs).map((name) => [name, fetched[name].data as Float32Array]),
      ) as Results<Name>;
    },
    release: () => session.release(),
  };
}
