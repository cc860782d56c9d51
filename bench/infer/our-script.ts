// Our side as it ships: bundle reader, kernels and cascade in one script.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A module that exports `readBundle`, `createCascade` and `runCascade`, kernels embedded. */
export async function buildOurs(): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { readBundle } from './shared/bundle/index.ts';
        export { createCascade, runCascade } from './shared/cascade/index.ts';`,
      resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
  });
  return outputFiles[0].contents;
}
