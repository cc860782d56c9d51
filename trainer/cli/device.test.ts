import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasCudaLibrary, onnxruntimeFolder } from '../autodiff/device/find-cuda-library.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { runCli } from '../testing/run-cli.ts';
import { temporaryFolder, writeGraphFolder } from '../testing/temporary-folder.ts';

const QUICK = ['--json', '--epochs', '3', '--hidden', '8', '--stages', '2'];

async function trainOn(device: readonly string[]) {
  const dir = await temporaryFolder();
  await writeGraphFolder(dir, createClusterGraph({ perClass: 40 }));
  return runCli(['train', '--data', dir, '--out', join(dir, 'out'), ...QUICK, ...device]);
}

test.skipIf(await hasCudaLibrary(onnxruntimeFolder()))(
  'dandan train --device cuda says in one line what is missing, and trains (skipped where CUDA is)',
  async () => {
    const { code, stderr, json } = await trainOn(['--device', 'cuda']);
    expect(code).toBe(0);
    const said = stderr.split('\n').filter((line) => line.includes('CUDA'));
    expect(said).toEqual([expect.stringMatching(/^note: CUDA is not used, .*CONTRIBUTING\.md$/)]);
    const { stderr: quiet, json: same } = await trainOn([]);
    expect(quiet).not.toContain('CUDA');
    expect(same?.bundle).toMatch(/^[0-9a-f]{64}$/);
    expect(json?.teacher).toBe(same?.teacher);
  },
);

test('dandan train names the devices when it is given another', async () => {
  const { code, stderr } = await runCli(['train', '--data', 'x', '--device', 'tpu']);
  expect(code).toBe(2);
  expect(stderr).toMatch(/auto, cpu, cuda/);
});
