import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { compileKernels, EMBEDDED, embeddedText, KERNEL_CONFIGS } from './build-kernels.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

test.each(KERNEL_CONFIGS)(
  '%s: the module is what the compiler makes (else run `npm run kernels`)',
  async (config) => {
    const folder = await mkdtemp(join(tmpdir(), 'dandan-kernels-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const built = await compileKernels(config, folder);
    const kept = join(ROOT, dirname(config), basename(built));
    expect((await readFile(built)).equals(await readFile(kept))).toBe(true);
  },
);

test('the embedded modules are those beside them', async () => {
  const [relaxed, simd128] = await Promise.all(
    ['relaxed', 'simd128'].map((name) => readFile(join(ROOT, `shared/kernel/wasm/${name}.wasm`))),
  );
  expect(await readFile(join(ROOT, EMBEDDED), 'utf8')).toBe(embeddedText(relaxed, simd128));
});
