import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { add, exp, input, scalar } from '../build.ts';
import { createOnnxSession } from './onnx-session.ts';

const x = input('x', [1, 2]);

test('createOnnxSession() collects no usage data: nothing appears in the temporary folder', async () => {
  const folder = await temporaryFolder();
  const url = (file: string) => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));
  const program = `
    const { createOnnxSession } = await import(${url('./onnx-session.ts')});
    const { exp, input } = await import(${url('../build.ts')});
    const main = { outputs: { y: exp(input('a', [1, 1])) } };
    const session = await createOnnxSession({ state: [], entries: { main } }, { provider: 'cpu' });
    await session.run('main', [{ a: Float32Array.of(1) }]);
    await session.release();`;
  const { ORT_DISABLE_TELEMETRY: _, ...env } = process.env;
  const args = ['--input-type=module', '--eval', program];
  await promisify(execFile)(process.execPath, args, { env: { ...env, TMPDIR: folder } });
  expect(await readdir(folder)).toEqual([]);
});

test('createOnnxSession() refuses updates of what is no state, or of another shape', async () => {
  const create = (name: string) =>
    createOnnxSession(
      {
        state: [x, input('narrow', [1, 1])],
        entries: { main: { outputs: {}, updates: { [name]: add(x, scalar(1)) } } },
      },
      { provider: 'cpu' },
    );
  await expect(create('y')).rejects.toThrow("Cannot update 'y' to shape [1,2]: it is no state");
  await expect(create('narrow')).rejects.toThrow('it has [1,1]');
});

test('a released session answers no more', async () => {
  const session = await createOnnxSession(
    { state: [x], entries: { main: { outputs: { y: exp(x) } } } },
    { provider: 'cpu' },
  );
  await session.release();
  await session.release();
  await expect(session.run('main')).rejects.toThrow("There is no entry 'main'");
});
