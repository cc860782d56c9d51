import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBundle } from '@dandan/shared/bundle';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { runCli } from '../testing/run-cli.ts';
import { writeGraphFolder } from '../testing/temporary-folder.ts';

const quick = ['--epochs', '60', '--hidden', '8', '--stages', '2', '--model', 'clusters'];
let dir: string;
let bundle: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'dandan-certify-'));
  bundle = join(dir, 'out', 'bundle.safetensors');
  await writeGraphFolder(dir, createClusterGraph({ perClass: 60 }));
  const out = join(dir, 'out');
  const trained = await runCli(['train', '--data', dir, '--out', out, '--json', ...quick]);
  expect(trained.code).toBe(0);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function certify(...options: string[]) {
  const result = await runCli(['certify', '--bundle', bundle, '--data', dir, '--json', ...options]);
  return { ...result, json: result.json ?? {} };
}

test('dandan certify refuses what the nodes at hand cannot show, and names the number needed', async () => {
  const result = await certify();
  expect(result.code).toBe(0);
  expect(result.json).toMatchObject({
    certified: false,
    alpha: 0.01,
    delta: 0.1,
    n: 54,
    needed: 230,
    method: 'fixed-sequence',
    thresholds: [null],
    macsShare: 1,
    stopShare: [0, 1],
    disagreement: 0,
  });
  expect(result.stderr).toContain('need at least 230');
});

test('dandan certify writes a bundle whose certificate says what was proved', async () => {
  const out = join(dir, 'certified.safetensors');
  const promise = ['--alpha', '0.2', '--delta', '0.3', '--worst-class', '0.3'];
  const escalation = ['--escalation', '0.9', '--gateway-stages', '1'];
  const result = await certify(...promise, ...escalation, '--out', out);
  expect(result.code).toBe(0);
  expect(result.json).toMatchObject({ certified: true, n: 54, calibration: { n: 54 } });
  const { manifest } = await readBundle(new Uint8Array(await readFile(out)));
  const { disagreements } = result.json.calibration as { disagreements: number };
  expect(manifest.policies.day).toEqual({
    maxStage: 2,
    thresholds: result.json.thresholds,
    certificate: {
      alpha: 0.2,
      delta: 0.3,
      n: 54,
      method: 'fixed-sequence',
      disagreements,
      worstClass: 0.3,
      escalation: { stages: 1, limit: 0.9 },
    },
  });
  const before = await readBundle(new Uint8Array(await readFile(bundle)));
  expect(manifest.stages.map(({ sha256 }) => sha256)).toEqual(
    before.manifest.stages.map(({ sha256 }) => sha256),
  );
  const evaluated = await runCli(['evaluate', '--bundle', out, '--data', dir, '--json']);
  expect(evaluated.json?.exit).toMatchObject({
    // One sums shares, the other MACs.
    macsShare: expect.closeTo(Number(result.json.macsShare), 12),
    disagreement: result.json.disagreement,
  });
});

test.each([
  [['--escalation', '0.1'], '--gateway-stages'],
  [['--gateway-stages', '1'], '--escalation'],
  [['--escalation', '0.1', '--gateway-stages', '3'], '--gateway-stages'],
])('dandan certify %j is a usage error that names %s', async (options, field) => {
  const result = await certify(...options);
  expect(result.code).toBe(2);
  expect(result.json.error).toMatchObject({ code: 'option-invalid', field });
});
