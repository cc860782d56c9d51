import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTestBundle } from '@dandan/shared/testing';
import { expect, test } from 'vitest';
import { freePort } from '../demo/free-port.ts';
import { runCli } from '../testing/run-cli.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';

const KEY = 'operator-key-of-the-test';
const env = { DANDAN_OPERATOR_KEY: KEY };

async function bundleFile() {
  const dir = await temporaryFolder();
  const { bytes } = await createTestBundle();
  const file = join(dir, 'bundle.safetensors');
  await writeFile(file, bytes);
  return { dir, file };
}

test('dandan push to a closed port exits 1 with edge-unreachable', async () => {
  const { file } = await bundleFile();
  const edge = `http://127.0.0.1:${await freePort()}`;
  const result = await runCli(['push', '--bundle', file, '--edge', edge, '--json'], { env });
  expect(result.code).toBe(1);
  expect(result.json).toMatchObject({ error: { code: 'edge-unreachable', value: edge } });
  expect(result.stdout + result.stderr).not.toContain(KEY);
});

test('dandan push without a key or with an address that is no URL exits 2', async () => {
  const { file } = await bundleFile();
  const [noKey, noUrl] = await Promise.all([
    runCli(['push', '--bundle', file, '--edge', 'http://127.0.0.1:9', '--json']),
    runCli(['push', '--bundle', file, '--edge', 'localhost', '--json'], { env }),
  ]);
  expect(noKey).toMatchObject({ code: 2, json: { error: { code: 'option-invalid' } } });
  expect(noKey.stderr).toContain('DANDAN_OPERATOR_KEY');
  expect(noUrl).toMatchObject({ code: 2, json: { error: { field: '--edge' } } });
});

test('dandan push sends nothing that is no bundle', async () => {
  const { dir } = await bundleFile();
  const file = join(dir, 'broken.safetensors');
  await writeFile(file, 'no bundle');
  // A port nobody listens on: a bundle that were sent would end as edge-unreachable.
  const edge = `http://127.0.0.1:${await freePort()}`;
  const { code, json } = await runCli(['push', '--bundle', file, '--edge', edge, '--json'], {
    env,
  });
  expect(code).toBe(1);
  expect(json).toMatchObject({ error: { code: expect.stringMatching(/^bundle-/) } });
});
