import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { exp, input, matmul } from './build.ts';
import { createSession } from './session.ts';

test('createSession() gives the same bits at every run', async () => {
  const a = input('a', [40, 40]);
  const session = await createSession({ outputs: { y: matmul(a, exp(a)) } });
  const values = Float32Array.from({ length: 1600 }, (_, i) => Math.sin(i));
  const first = await session.run({ a: values });
  const second = await session.run({ a: values });
  await session.release();
  expect(second.y).toEqual(first.y);
});

test('createSession() names a missing feed', async () => {
  const session = await createSession({ outputs: { y: exp(input('a', [1, 1])) } });
  await expect(session.run({})).rejects.toThrow("Input 'a' was not fed");
  await session.release();
});

test('createSession() collects no usage data: nothing appears in the temporary folder', async () => {
  const folder = await temporaryFolder();
  const url = (file: string) => JSON.stringify(fileURLToPath(new URL(file, import.meta.url)));
  const program = `
    const { createSession } = await import(${url('./session.ts')});
    const { exp, input } = await import(${url('./build.ts')});
    const session = await createSession({ outputs: { y: exp(input('a', [1, 1])) } });
    await session.run({ a: Float32Array.of(1) });
    await session.release();`;
  const { ORT_DISABLE_TELEMETRY: _, ...env } = process.env;
  const args = ['--input-type=module', '--eval', program];
  await promisify(execFile)(process.execPath, args, { env: { ...env, TMPDIR: folder } });
  expect(await readdir(folder)).toEqual([]);
});
