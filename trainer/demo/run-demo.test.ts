import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { runDemo } from './run-demo.ts';

const options = (root: string, signal: AbortSignal) => ({
  root,
  seed: 1,
  once: true,
  dayMs: 3_600_000,
  samplesPerSecond: 20_000,
  signal,
  line: () => {},
});

/** Where the demo makes its folder. */
async function ownTemporaryFolder(): Promise<string> {
  const folder = await temporaryFolder();
  vi.stubEnv('TMPDIR', folder);
  return folder;
}

const demoFolders = async (temporary: string) =>
  (await readdir(temporary)).filter((name) => name.startsWith('dandan-demo-'));

afterEach(() => {
  vi.unstubAllEnvs();
});

test('runDemo() says at once, not after training, that the edge cannot start', async () => {
  const temporary = await ownTemporaryFolder();
  // Wrangler runs, but there is no wrangler.toml.
  const root = await temporaryFolder();
  const { signal } = new AbortController();
  await expect(runDemo(options(root, signal))).rejects.toMatchObject({
    code: 'process-failed',
    message: expect.stringContaining('edge migrations failed'),
    output: expect.stringMatching(/\S/),
  });
  expect(await demoFolders(temporary)).toEqual([]);
}, 60_000);

test('runDemo() names a program that cannot be started', async () => {
  const root = join(await temporaryFolder(), 'nowhere');
  const { signal } = new AbortController();
  await expect(runDemo(options(root, signal))).rejects.toMatchObject({
    code: 'process-failed',
    message: expect.stringContaining('edge migrations could not start'),
  });
});

test('runDemo() stopped while it trains throws the reason and leaves no folder', async () => {
  const temporary = await ownTemporaryFolder();
  const controller = new AbortController();
  const reason = new Error('enough');
  const running = runDemo({
    ...options(await temporaryFolder(), controller.signal),
    line: () => controller.abort(reason),
  });
  await expect(running).rejects.toBe(reason);
  expect(await demoFolders(temporary)).toEqual([]);
});
