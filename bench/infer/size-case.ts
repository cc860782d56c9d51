// What each runtime ships, gzipped: what a gateway downloads, a Worker is charged for, a page waits for.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { summarise } from '../figures.ts';
import type { InferCase } from './infer-case.ts';
import { buildOurs } from './our-script.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A native library compresses well at any level; the highest takes seconds for 46 MB. */
const LEVEL = 6;

const compressed = (bytes: Uint8Array) => gzipSync(bytes, { level: LEVEL }).byteLength / 1000;

async function filesOf(paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(paths.map(async (path) => compressed(await readFile(path))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

export const sizeCase: InferCase = {
  name: 'size',
  summary: 'what each runtime ships, kB gzipped',
  optIn: false,
  async run({ peers }) {
    const native = join(
      ROOT,
      'node_modules/onnxruntime-node/bin/napi-v6',
      process.platform,
      process.arch,
    );
    const sides: Record<string, number[]> = {
      'ort-node': [
        await filesOf(
          ['libonnxruntime.so.1', 'onnxruntime_binding.node'].map((name) => join(native, name)),
        ).catch(() => Number.NaN),
      ].filter(Number.isFinite),
    };
    if (peers.kind === 'present') {
      const web = dirname(peers.require.resolve('onnxruntime-web'));
      const tfjs = (name: string) => dirname(peers.require.resolve(`@tensorflow/${name}`));
      sides['ort-web'] = [
        await filesOf(
          ['ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'].map(
            (name) => join(web, name),
          ),
        ),
      ];
      sides['tfjs-wasm'] = [
        await filesOf([
          join(tfjs('tfjs-core'), 'tf-core.es2017.min.js'),
          join(tfjs('tfjs-backend-wasm'), 'tf-backend-wasm.es2017.min.js'),
          join(tfjs('tfjs-backend-wasm'), 'tfjs-backend-wasm-simd.wasm'),
        ]),
      ];
    }
    return [
      summarise({
        name: 'size',
        unit: 'kB',
        ours: [compressed(await buildOurs())],
        peers: sides,
        notes: [
          'ours: reader and checks of bundles, cascade, kernels; peers: the runtime alone, without a model',
        ],
      }),
    ];
  },
};
