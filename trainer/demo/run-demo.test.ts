import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { runDemo } from './run-demo.ts';

const options = (signal: AbortSignal) => ({
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
  const config = join(await temporaryFolder(), 'wrangler.toml');
  const { signal } = new AbortController();
  await expect(runDemo({ ...options(signal), config })).rejects.toMatchObject({
    code: 'process-failed',
    message: expect.stringContaining('edge'),
    output: expect.stringContaining('wrangler.toml'),
  });
  expect(await demoFolders(temporary)).toEqual([]);
}, 60_000);

test('runDemo() stopped while it trains throws the reason and leaves no folder', async () => {
  const temporary = await ownTemporaryFolder();
  const controller = new AbortController();
  const reason = new Error('enough');
  const running = runDemo({
    ...options(controller.signal),
    line: () => controller.abort(reason),
  });
  await expect(running).rejects.toBe(reason);
  expect(await demoFolders(temporary)).toEqual([]);
});
