import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { cpuEngine } from '../session.ts';
import { chooseEngine, DEVICES } from './choose-engine.ts';
import { tryEngine } from './cuda-engine.ts';
import { hasCudaLibrary, onnxruntimeFolder } from './find-cuda-library.ts';

const hasCuda = await hasCudaLibrary(onnxruntimeFolder());

test('chooseEngine() gives an engine that computes, whatever the device', async () => {
  for (const device of DEVICES) await tryEngine((await chooseEngine({ device })).engine);
});

test('chooseEngine() of cpu says nothing', async () => {
  expect(await chooseEngine({ device: 'cpu' })).toMatchObject({ runsOn: 'cpu', note: undefined });
});

describe.skipIf(hasCuda)('without the CUDA library (it is installed here: skipped)', () => {
  test('chooseEngine() of cuda says what is missing and how to add it, and takes the CPU', async () => {
    const { runsOn, note } = await chooseEngine({ device: 'cuda' });
    expect(runsOn).toBe('cpu');
    expect(note).toBe(
      'CUDA is not used, training goes on on the CPU: ' +
        'onnxruntime\'s CUDA library is not installed: see "Training on a GPU" in CONTRIBUTING.md',
    );
  });

  test('chooseEngine() of auto takes the CPU in silence', async () => {
    expect(await chooseEngine({ device: 'auto' })).toMatchObject({
      runsOn: 'cpu',
      note: undefined,
    });
  });

  test('chooseEngine() says in one line why a library that is there does not work', async () => {
    const libraryFolder = await temporaryFolder();
    await writeFile(join(libraryFolder, 'libonnxruntime_providers_cuda.so'), 'no library');
    const { runsOn, note } = await chooseEngine({ device: 'cuda', libraryFolder });
    expect(runsOn).toBe('cpu');
    expect(note).toMatch(/CUDA library does not work here \(.+\): see "Training on a GPU"/);
    expect(note).not.toContain('\n');
  });

  test('chooseEngine() does not load onnxruntime where the library is not there', async () => {
    const module = fileURLToPath(new URL('./choose-engine.ts', import.meta.url));
    const program = `
      const { chooseEngine } = await import(${JSON.stringify(module)});
      await chooseEngine({ device: 'cuda' });
      const { readFile } = await import('node:fs/promises');
      const maps = await readFile('/proc/self/maps', 'utf8');
      console.log(maps.includes('libonnxruntime'));`;
    const args = ['--input-type=module', '--eval', program];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    expect(stdout.trim()).toBe('false');
  });
});

test('tryEngine() passes an engine that computes', async () => {
  await expect(tryEngine(cpuEngine())).resolves.toBeUndefined();
});
