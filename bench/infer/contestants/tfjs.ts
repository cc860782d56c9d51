// TensorFlow.js on its WebAssembly backend, float32: it has no int8 products.
import { dirname, join, sep } from 'node:path';
import { type Network, transposed } from '../network.ts';
import { argmaxRows, type Contestant } from './contestant.ts';

interface TfTensor {
  data(): Promise<Float32Array>;
  dataSync(): Float32Array;
  dispose(): void;
}

/** The part of tfjs-core that is used. */
interface Tf {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tensor2d(data: Float32Array, shape: readonly number[]): TfTensor;
  tensor1d(data: Float32Array): TfTensor;
  tidy<T>(body: () => T): T;
  fused: {
    matMul(options: { a: TfTensor; b: TfTensor; bias: TfTensor; activation?: string }): TfTensor;
  };
}

export async function createTfjs(
  peers: NodeJS.Require,
  network: Network,
  values: Float32Array,
  rows: number,
): Promise<Contestant> {
  const tf: Tf = peers('@tensorflow/tfjs-core');
  const backend = peers('@tensorflow/tfjs-backend-wasm');
  const folder = dirname(peers.resolve('@tensorflow/tfjs-backend-wasm'));
  backend.setWasmPaths(join(folder, sep));
  backend.setThreadsCount(1);
  await tf.setBackend('wasm');
  await tf.ready();
  const { inputs, hidden, classes } = network;
  const x = tf.tensor2d(values, [rows, inputs]);
  // [inputs, outputs]: its transposing product is many times slower.
  const w0 = tf.tensor2d(transposed(network.hiddenWeight, hidden, inputs), [inputs, hidden]);
  const b0 = tf.tensor1d(network.hiddenBias);
  const w1 = tf.tensor2d(transposed(network.headWeight, classes, hidden), [hidden, classes]);
  const b1 = tf.tensor1d(network.headBias);
  const logits = () =>
    tf.tidy(() => {
      const units = tf.fused.matMul({
        a: x,
        b: w0,
        bias: b0,
        activation: 'relu',
      });
      return tf.fused.matMul({ a: units, b: w1, bias: b1 });
    });
  return {
    name: 'tfjs-wasm',
    run() {
      const result = logits();
      result.dataSync();
      result.dispose();
    },
    async classes() {
      const result = logits();
      const data = result.dataSync().slice();
      result.dispose();
      return argmaxRows(data, classes);
    },
    async close() {
      for (const tensor of [x, w0, b0, w1, b1]) tensor.dispose();
    },
  };
}
