import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readBundle } from '@dandan/shared/bundle';
import { expect, test } from 'vitest';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { runCli } from '../testing/run-cli.ts';
import { temporaryFolder, writeGraphFolder } from '../testing/temporary-folder.ts';

const data = createClusterGraph({ perClass: 60 });
const QUICK = ['--json', '--epochs', '5', '--hidden', '8', '--stages', '2'];

/** A teacher that is right everywhere but at `wrong`, as NumPy saves it. */
function perfectNpy(wrong: number): Buffer {
  const logits = new Float32Array(data.graph.labels.length * 3);
  data.graph.labels.forEach((label, node) => {
    logits[3 * node + (node === wrong ? (label + 1) % 3 : label)] = 3;
  });
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${logits.length / 3}, 3), }`;
  const start = Buffer.from('\x93NUMPY\x01\x00\x76\x00', 'latin1');
  return Buffer.concat([start, Buffer.from(`${header.padEnd(117)}\n`), Buffer.from(logits.buffer)]);
}

test('dandan train --teacher-logits distils a teacher from a file and records it', async () => {
  const dir = await temporaryFolder();
  await writeGraphFolder(dir, data);
  const npy = perfectNpy(data.split.test[0]);
  const [file, out] = [join(dir, 'teacher.npy'), join(dir, 'out')];
  await writeFile(file, npy);
  const args = ['train', '--data', dir, '--out', out, '--teacher-logits', file, ...QUICK];
  const { code, json, stderr } = await runCli(args);
  expect(stderr).toContain('teacher from a file');
  expect(code).toBe(0);
  const share = 1 - 1 / data.split.test.length;
  expect((json as { teacher: number }).teacher).toBeCloseTo(100 * share, 1);
  const { manifest } = await readBundle(await readFile(join(out, 'bundle.safetensors')));
  expect(manifest.provenance.options).toMatchObject({
    teacher: 'file',
    teacherLogits: createHash('sha256').update(npy).digest('hex'),
  });

  await writeFile(file, npy.subarray(0, -4));
  const cut = await runCli(args);
  expect(cut.code).toBe(1);
  expect(cut.json).toMatchObject({ error: { code: 'data-invalid', field: 'teacher.npy' } });
});

test.each(['gat', 'sage'])('dandan train --teacher %s trains one', async (kind) => {
  const dir = await temporaryFolder();
  await writeGraphFolder(dir, data);
  const out = join(dir, 'out');
  const few = ['--teacher', kind, '--teacher-epochs', '60', '--teacher-input', 'raw'];
  const { code, json, stderr } = await runCli([
    'train',
    '--data',
    dir,
    '--out',
    out,
    ...few,
    ...QUICK,
  ]);
  expect(stderr).toContain(`${kind.toUpperCase()} teacher`);
  expect(code).toBe(0);
  expect((json as { teacher: number }).teacher).toBeGreaterThan(80);
  const { manifest } = await readBundle(await readFile(join(out, 'bundle.safetensors')));
  expect(manifest.provenance.options).toMatchObject({
    teacher: kind,
    teacherInput: 'raw',
    teacherMaxEpochs: 60,
    teacherDropout: kind === 'gat' ? 0.6 : 0.5,
  });
});

test('dandan train refuses heads that do not share the hidden units', async () => {
  const dir = await temporaryFolder();
  await writeGraphFolder(dir, data);
  const heads = ['--teacher', 'gat', '--teacher-heads', '7'];
  const { code, json } = await runCli(['train', '--data', dir, '--out', dir, ...heads, ...QUICK]);
  expect(code).toBe(2);
  expect(json).toMatchObject({
    error: { code: 'option-invalid', field: '--teacher-heads', value: 7 },
  });
});
