// One runtime from nothing to its first answer, in a process of its own. argv: side, model file, and
// our script or the package.json to load a peer from.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';

const [side, file, from] = process.argv.slice(2);
const WIDTH = 128;
const bytes = await readFile(file);
const started = performance.now();

async function ours(): Promise<void> {
  const { createCascade, readBundle, runCascade } = await import(from);
  const cascade = createCascade(await readBundle(new Uint8Array(bytes)));
  const rows = { kind: 'dense', count: 1, width: WIDTH, codes: new Uint8Array(WIDTH) } as const;
  runCascade(cascade, rows, { thresholds: [] });
}

async function onnx(name: string, provider: string): Promise<void> {
  const runtime = createRequire(from)(name);
  if (provider === 'wasm') runtime.env.wasm.numThreads = 1;
  const session = await runtime.InferenceSession.create(bytes, {
    executionProviders: [provider],
    logSeverityLevel: 3,
  });
  const x = new runtime.Tensor('uint8', new Uint8Array(WIDTH), [1, WIDTH]);
  await session.run({ x });
}

async function tfjs(): Promise<void> {
  const require = createRequire(from);
  const tf = require('@tensorflow/tfjs-core');
  const backend = require('@tensorflow/tfjs-backend-wasm');
  backend.setWasmPaths(join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')), sep));
  await tf.setBackend('wasm');
  await tf.ready();
  const zeros = (rows: number, columns: number) =>
    tf.tensor2d(new Float32Array(rows * columns), [rows, columns]);
  tf.matMul(zeros(1, WIDTH), zeros(WIDTH, WIDTH)).dataSync();
}

const SIDES: Readonly<Record<string, () => Promise<void>>> = {
  ours,
  'ort-node-int8': () => onnx('onnxruntime-node', 'cpu'),
  'ort-web-int8': () => onnx('onnxruntime-web', 'wasm'),
  'tfjs-wasm': tfjs,
};

await SIDES[side]();
process.stdout.write(`${performance.now() - started}\n`);
process.exit(0);
