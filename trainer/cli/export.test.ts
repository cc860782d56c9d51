import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestBundle } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { runCli } from '../testing/run-cli.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

test('dandan export writes the cascade and its stages, and says how to stop', async () => {
  const dir = await temporaryFolder();
  const bundle = join(dir, 'bundle.safetensors');
  await writeFile(bundle, (await createTestBundle({ thresholds: [0.75, null] })).bytes);
  const out = join(dir, 'onnx');
  const result = await runCli(['export', '--bundle', bundle, '--onnx', '--out', out, '--json']);
  expect(result.code).toBe(0);
  const names = ['cascade.onnx', 'stage-1.onnx', 'stage-2.onnx', 'stage-3.onnx'];
  expect((await readdir(out)).sort()).toEqual(names);
  expect(result.json).toMatchObject({
    model: 'test-model',
    files: names.map((name) => ({ file: join(out, name), bytes: expect.any(Number) })),
    thresholds: [0.75, null],
  });
  expect(result.stderr).toContain('0.75, never');
});

test('dandan export without a form is a usage error', async () => {
  const dir = await temporaryFolder();
  const bundle = join(dir, 'bundle.safetensors');
  await writeFile(bundle, (await createTestBundle()).bytes);
  const result = await runCli(['export', '--bundle', bundle, '--json']);
  expect(result.code).toBe(2);
  expect(result.json?.error).toMatchObject({ code: 'option-invalid', field: '--onnx' });
});
