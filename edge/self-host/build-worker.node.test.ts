import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildWorker } from './build-worker.ts';
import { temporaryFolder } from './testing/edge-process.ts';

// Bundling takes two seconds alone, and longer beside other tests on the same cores.
vi.setConfig({ testTimeout: 120_000 });

let root: string;

beforeAll(async () => {
  root = await temporaryFolder();
  await mkdir(join(root, 'part'));
  await writeFile(
    join(root, 'wrangler.toml'),
    'name = "x"\nmain = "main.js"\ncompatibility_date = "2026-08-22"\n',
  );
  await writeFile(
    join(root, 'main.js'),
    `import { text } from './part/text.js';
import kernel from './part/kernel.wasm';
export default { fetch: () => new Response(text + kernel) };`,
  );
  await writeFile(join(root, 'part', 'text.js'), `export const text = 'first';`);
  await writeFile(join(root, 'part', 'kernel.wasm'), Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const build = () =>
  buildWorker({
    folder: join(root, 'build'),
    configFile: join(root, 'wrangler.toml'),
    signal: AbortSignal.timeout(60_000),
  });

test('buildWorker() builds again when a source changes, and only then', async () => {
  const first = await build();
  expect(first.fresh).toBe(true);
  expect(first.modules.map(({ type }) => type)).toEqual(['ESModule', 'CompiledWasm']);
  expect(first.modules[0].contents).toContain('first');
  expect(await build()).toEqual({ ...first, fresh: false });

  await writeFile(join(root, 'part', 'text.js'), `export const text = 'second';`);
  const second = await build();
  expect(second.fresh).toBe(true);
  expect(second.modules[0].contents).toContain('second');

  const section = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 0, 2, 1, 120);
  await writeFile(join(root, 'part', 'kernel.wasm'), section);
  const third = await build();
  expect([third.fresh, third.modules[1].contents]).toEqual([true, section]);
});

test('buildWorker() says what does not build, and keeps what did', async () => {
  await writeFile(join(root, 'part', 'text.js'), `export const text = ;`);
  const refusal = { code: 'build-failed', message: expect.stringContaining('text.js') };
  await expect(build()).rejects.toMatchObject(refusal);
  await writeFile(join(root, 'part', 'text.js'), `export const text = 'second';`);
  expect((await build()).fresh).toBe(false);
});
