import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSafetensors } from '@dandan/shared/bundle';
import { createCascade, runCascade } from '@dandan/shared/cascade';
import type { FeatureRow } from '@dandan/shared/features';
import { quantiseDense } from '@dandan/shared/kernel';
import { createRandom } from '@dandan/shared/random';
import { describeBundle } from '@dandan/shared/release';
import { createTestBundle, type TestBundle } from '@dandan/shared/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TEST_SPEC } from '../../testing/telemetry-spec.ts';
import { answerRows } from './answer-rows.ts';
import { loadModel } from './local-model.ts';

let folder: string;
let file: string;
let made: TestBundle;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dandan-model-'));
  file = join(folder, 'model.safetensors');
  made = await createTestBundle({ telemetry: TEST_SPEC, thresholds: [0.8, 0.8] });
  await writeFile(file, made.bytes);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function write(bytes: Uint8Array): Promise<string> {
  const other = join(folder, 'other.safetensors');
  await writeFile(other, bytes);
  return other;
}

/** The file up to the end of stage 1. */
function prefix(): Uint8Array<ArrayBuffer> {
  const { dataOffset } = parseSafetensors(made.bytes);
  return made.bytes.slice(0, dataOffset + made.bundle.manifest.stages[0].endByte);
}

function featureRows(count: number): FeatureRow[] {
  const random = createRandom(5);
  return Array.from({ length: count }, (_, i) => ({
    asset: `asset-${i}`,
    time: i * 1000,
    values: Float32Array.from({ length: 6 }, () =>
      random.below(10) === 0 ? Number.NaN : random.normal(),
    ),
  }));
}

test('answerRows() gives the bits of the shared cascade and names the rows it is unsure of', async () => {
  const model = await loadModel({ file, stages: 2 });
  expect(model).toMatchObject({ sha256: made.sha256, stages: 2 });
  const rows = featureRows(500);
  const { predictions, unsure } = answerRows(model, rows, { policy: 'day' });
  const values = Float32Array.from(rows.flatMap((row) => [...row.values]));
  const codes = quantiseDense({ count: 500, width: 6, values }, made.bundle.input);
  const { thresholds } = made.bundle.manifest.policies.day;
  const expected = runCascade(createCascade(made.bundle), codes, { thresholds, maxStage: 2 });
  expect(predictions.map((p) => p.class)).toEqual([...expected.classes]);
  expect(predictions.map((p) => p.confidence)).toEqual([...expected.confidence]);
  expect(predictions.map((p) => p.stage)).toEqual([...expected.stage]);
  expect(unsure).toEqual([...expected.stopped.keys()].filter((i) => expected.stopped[i] === 2));
  expect(unsure.length).toBeGreaterThan(20);
  expect(unsure.length).toBeLessThan(480);
});

test('answerRows() keeps to a policy that ends at a local stage: nothing goes to the edge', async () => {
  const model = await loadModel({ file, stages: 2 });
  expect(answerRows(model, featureRows(100), { policy: 'night' }).unsure).toEqual([]);
});

test('answerRows() under a cap of load answers at that stage, and asks the edge for nothing', async () => {
  const model = await loadModel({ file, stages: 2 });
  const capped = answerRows(model, featureRows(100), { policy: 'day', maxStage: 1 });
  expect(capped.unsure).toEqual([]);
  expect(capped.predictions.every(({ stage }) => stage === 1)).toBe(true);
});

test('answerRows() serves a sparse model', async () => {
  const sparse = await createTestBundle({ telemetry: TEST_SPEC, sparse: true });
  const model = await loadModel({ file: await write(sparse.bytes), stages: 1 });
  const { rows, predictions } = answerRows(model, featureRows(50), { policy: 'day' });
  expect(rows.kind).toBe('sparse');
  expect(predictions).toHaveLength(50);
});

test('loadModel() reads a file that ends after its stages, given the name of the whole', async () => {
  const cut = await write(prefix());
  const whole = await loadModel({ file, stages: 1 });
  const model = await loadModel({ file: cut, stages: 1, sha256: made.sha256 });
  const rows = featureRows(100);
  expect(answerRows(model, rows, { policy: 'day' })).toEqual(
    answerRows(whole, rows, { policy: 'day' }),
  );
  await expect(loadModel({ file: cut, stages: 1 })).rejects.toMatchObject({
    code: 'config-invalid',
    field: 'models.sha256',
  });
  await expect(loadModel({ file: cut, stages: 2, sha256: made.sha256 })).rejects.toMatchObject({
    code: 'bundle-truncated',
  });
});

test('loadModel() refuses a prefix of which any byte of the stage was altered', async () => {
  const bytes = prefix();
  const { dataOffset } = parseSafetensors(made.bytes);
  for (const position of [dataOffset, bytes.length - 1]) {
    const altered = bytes.slice();
    altered[position] ^= 1;
    const other = await write(altered);
    await expect(loadModel({ file: other, stages: 1, sha256: made.sha256 })).rejects.toMatchObject({
      code: 'bundle-hash-mismatch',
    });
  }
});

test('loadModel() holds the bytes that it runs to what a pointer says of them', async () => {
  const pointed = await describeBundle(made.bytes);
  const options = { file, stages: 1, pointed } as const;
  expect(await loadModel(options)).toMatchObject({ sha256: made.sha256 });
  const cut = await loadModel({ ...options, bytes: prefix() });
  expect(cut.sha256).toBe(made.sha256);
  const wrong = { ...pointed, header: '0'.repeat(64) };
  await expect(loadModel({ ...options, bytes: prefix(), pointed: wrong })).rejects.toMatchObject({
    code: 'bundle-hash-mismatch',
    field: 'pointer.bundle.header',
  });
  await expect(
    loadModel({ ...options, pointed: { ...pointed, sha256: '0'.repeat(64) } }),
  ).rejects.toMatchObject({ code: 'bundle-hash-mismatch' });
});

test('loadModel() refuses another bundle than asked for, a table model, garbage and nothing', async () => {
  const options = { stages: 1 };
  await expect(loadModel({ ...options, file, sha256: '0'.repeat(64) })).rejects.toMatchObject({
    code: 'bundle-hash-mismatch',
  });
  const table = await createTestBundle();
  await expect(loadModel({ ...options, file: await write(table.bytes) })).rejects.toMatchObject({
    code: 'config-invalid',
  });
  await expect(
    loadModel({ ...options, file: await write(new Uint8Array(64).fill(7)) }),
  ).rejects.toMatchObject({ code: 'bundle-header-invalid' });
  await expect(loadModel({ ...options, file: join(folder, 'none') })).rejects.toMatchObject({
    code: 'data-missing',
  });
  await expect(loadModel({ ...options, file, stages: 9 })).rejects.toMatchObject({
    code: 'stage-out-of-range',
  });
});
