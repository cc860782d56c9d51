import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { add, constant, exp, gatherRows, input, scalar, sum } from '../build.ts';
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

test('createOnnxSession() reads constants of more than a mebibyte from beside the model', async () => {
  const data = Float32Array.from({ length: 300_000 }, (_, i) => i);
  const rows = gatherRows(constant(data, [150_000, 2]), Int32Array.of(149_999, 0));
  const session = await createOnnxSession(
    {
      state: [x],
      entries: { main: { outputs: { y: add(rows, x) }, updates: { x: sum(rows, 0) } } },
    },
    { provider: 'cpu' },
  );
  await session.write({ x: Float32Array.of(1, 2) });
  const [first, second] = await session.run('main', [{}, {}]);
  expect([...first.y]).toEqual([299_999, 300_001, 1, 3]);
  expect([...second.y]).toEqual([599_996, 599_999, 299_998, 300_001]);
  await session.release();
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
