// onnxruntime, native (onnxruntime-node) or as WebAssembly (onnxruntime-web), one thread each.
import { createRequire } from 'node:module';
import { argmaxRows, type Contestant } from './contestant.ts';

/** The part of both packages that is used. */
export interface OnnxRuntime {
  readonly Tensor: new (
    type: string,
    data: Float32Array | Uint8Array,
    dims: readonly number[],
  ) => object;
  readonly InferenceSession: {
    create(model: Uint8Array, options: object): Promise<OnnxSession>;
  };
  readonly env: { readonly wasm: { numThreads: number; wasmPaths?: string } };
}

interface OnnxSession {
  run(feeds: Readonly<Record<string, object>>): Promise<Record<string, { readonly data: unknown }>>;
  release(): Promise<void>;
}

const require = createRequire(new URL('../../../trainer/package.json', import.meta.url));

export const nativeRuntime = (): OnnxRuntime => require('onnxruntime-node');

/** @param peers `require` of the peers' folder. */
export function webRuntime(peers: NodeJS.Require): OnnxRuntime {
  const runtime: OnnxRuntime = peers('onnxruntime-web');
  runtime.env.wasm.numThreads = 1;
  return runtime;
}

export interface OnnxContestantOptions {
  readonly name: string;
  readonly runtime: OnnxRuntime;
  readonly native: boolean;
  readonly model: Uint8Array;
  readonly data: Float32Array | Uint8Array;
  readonly dims: readonly [rows: number, width: number];
  readonly classes: number;
}

export async function createOnnxContestant(options: OnnxContestantOptions): Promise<Contestant> {
  const { name, runtime, native, model, data, dims, classes } = options;
  const session = await runtime.InferenceSession.create(model, {
    executionProviders: [native ? 'cpu' : 'wasm'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const type = data instanceof Uint8Array ? 'uint8' : 'float32';
  const feeds = { x: new runtime.Tensor(type, data, dims) };
  return {
    name,
    run: () => session.run(feeds),
    async classes() {
      const { logits } = await session.run(feeds);
      return argmaxRows(logits.data as Float32Array, classes);
    },
    close: () => session.release(),
  };
}
