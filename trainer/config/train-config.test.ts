import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readBundle } from '@dandan/shared/bundle';
import { expect, test } from 'vitest';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { runCli } from '../testing/run-cli.ts';
import { temporaryFolder, writeGraphFolder } from '../testing/temporary-folder.ts';

const CONFIG = { epochs: 15, hidden: 8, stages: 2, model: 'clusters', learningRate: 0.02 };
const FLAGS = '--epochs 15 --hidden 8 --stages 2 --model clusters --learning-rate 0.02'.split(' ');
const ENV = { SOURCE_DATE_EPOCH: '1767225600' };

async function setUp(config: unknown) {
  const dir = await temporaryFolder();
  await writeGraphFolder(dir, createClusterGraph());
  await writeFile(join(dir, 'config.json'), JSON.stringify(config));
  return { dir, file: join(dir, 'config.json') };
}

const bundleOf = (json: Readonly<Record<string, unknown>> | undefined) => json?.bundle;

test('dandan train --config gives the bundle of the same flags; a flag overrides the file', async () => {
  const { dir, file } = await setUp({ ...CONFIG, data: '.', out: 'from-file' });
  const train = (...args: string[]) => runCli(['train', '--json', ...args], { env: ENV });
  const data = ['--data', dir];
  const [filed, flagged, overridden] = await Promise.all([
    train('--config', file),
    train(...data, '--out', join(dir, 'flags'), ...FLAGS),
    train('--hidden', '12', '--config', file, '--out', join(dir, 'overridden')),
  ]);
  for (const { code, stderr } of [filed, flagged, overridden]) expect(code, stderr).toBe(0);
  expect(bundleOf(filed.json)).toMatch(/^[0-9a-f]{64}$/);
  expect(bundleOf(flagged.json)).toBe(bundleOf(filed.json));
  expect(bundleOf(overridden.json)).not.toBe(bundleOf(filed.json));
  expect(overridden.json).toMatchObject({ stages: [{ stage: 1 }, { stage: 2 }] });
});

test('dandan train --config refuses an unknown key by name and exits 2', async () => {
  const { dir, file } = await setUp({ ...CONFIG, hiden: 8 });
  const { code, json, stderr } = await runCli(['train', '--data', dir, '--config', file, '--json']);
  expect(code).toBe(2);
  expect(json).toMatchObject({ error: { code: 'config-invalid', value: 'hiden' } });
  expect(stderr).toContain("'hiden' is unknown");
  expect(stderr).toContain('hidden');
});

test('dandan train takes inputScaling from a file, says so in the bundle, and refuses others', async () => {
  const { dir, file } = await setUp({
    ...CONFIG,
    data: '.',
    out: 'robust',
    inputScaling: 'robust',
  });
  const { code, stderr } = await runCli(['train', '--json', '--config', file], { env: ENV });
  expect(code, stderr).toBe(0);
  const { manifest } = await readBundle(await readFile(join(dir, 'robust', 'bundle.safetensors')));
  expect(manifest.provenance).toMatchObject({ options: { inputScaling: 'robust' } });
  const wrong = await setUp({ ...CONFIG, data: '.', inputScaling: 'mad' });
  const refused = await runCli(['train', '--json', '--config', wrong.file]);
  expect(refused.code).toBe(2);
  expect(refused.json).toMatchObject({ error: { code: 'config-invalid', value: 'mad' } });
});
