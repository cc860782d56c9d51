import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { expect, test } from 'vitest';

/**
 * A Worker starts within a request: what it weighs, somebody waits for. Nightly jobs are 32 kB of
 * it, 12 of these Parquet.
 */
const MAX_GZIP_BYTES = 120 * 1024;

const compressed = (bytes: Uint8Array) => gzipSync(bytes, { level: 9 }).byteLength;

test('code and kernels of the Worker are at most 120 kB gzipped', async () => {
  const kernels: string[] = [];
  // Wrangler uploads a module of WebAssembly beside the script.
  const beside: Plugin = {
    name: 'wasm beside the script',
    setup({ onResolve }) {
      onResolve({ filter: /\.wasm$/ }, ({ path, importer }) => {
        kernels.push(join(dirname(importer), path));
        return { path, external: true };
      });
    },
  };
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../edge/worker.ts', import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd', 'worker', 'browser'],
    plugins: [beside],
  });
  expect(kernels).toHaveLength(2);
  const modules = await Promise.all(kernels.map((path) => readFile(path)));
  const parts = [outputFiles[0].contents, ...modules].map(compressed);
  expect(parts.reduce((sum, bytes) => sum + bytes)).toBeLessThan(MAX_GZIP_BYTES);
});
