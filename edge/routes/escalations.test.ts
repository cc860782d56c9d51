import { writeSafetensors } from '@dandan/shared/bundle';
import { createCascade, runCascade, STOP_REASONS } from '@dandan/shared/cascade';
import { createTestBundle, createTestRows, type TestBundle } from '@dandan/shared/testing';
import { encodeQuantisedRows, predictResponseSchema } from '@dandan/shared/wire';
import { beforeAll, expect, test } from 'vitest';
import { call, createKey, expectProblem, migrate, safetensors } from '../testing/edge-client.ts';
import { publish } from '../testing/releases.ts';

const dense = await createTestBundle({ model: 'dense', seed: 1, thresholds: [0.65, null] });
const sparse = await createTestBundle({ model: 'sparse', seed: 2, sparse: true, width: 40 });
const rows = createTestRows(dense.bundle.input, 40);
const metadata = { model: 'dense', bundle: dense.sha256 };
let key = '';

beforeAll(async () => {
  await migrate();
  for (const entry of [dense, sparse]) await publish(entry);
  key = (await createKey('device')).key;
});

function escalate(bytes: Uint8Array<ArrayBuffer>, idempotencyKey: string | null = 'batch-1') {
  const headers: Record<string, string> =
    idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey };
  return call('POST /v1/escalations', safetensors(bytes, { key, headers }));
}

test.each<[string, TestBundle]>([
  ['dense', dense],
  ['sparse', sparse],
])('%s rows are answered in row order by the day policy, bit for bit', async (model, entry) => {
  const { bundle, sha256 } = entry;
  const sent = createTestRows(bundle.input, 40);
  const response = await escalate(encodeQuantisedRows(sent, { model, bundle: sha256 }));
  expect(response.status).toBe(200);
  const { answers, ...rest } = predictResponseSchema.parse(await response.json());
  expect(rest).toEqual({ model, bundle: sha256, policy: 'day' });
  const { thresholds, maxStage } = bundle.manifest.policies.day;
  const result = runCascade(createCascade(bundle), sent, { thresholds, maxStage });
  expect(new Set(result.stage).size).toBeGreaterThan(1);
  expect(answers.map((answer) => answer.class)).toEqual([...result.classes]);
  expect(answers.map(({ confidence }) => confidence)).toEqual([...result.confidence]);
  expect(answers.map(({ stage }) => stage)).toEqual([...result.stage]);
  expect(answers.map(({ stopped }) => STOP_REASONS.indexOf(stopped))).toEqual([...result.stopped]);
  expect(answers.map(({ macs }) => macs)).toEqual([...result.macs]);
});

test('the idempotency key is echoed and a repeat gets the same answer', async () => {
  const bytes = encodeQuantisedRows(rows, metadata);
  const first = await escalate(bytes, 'gw1:17~a');
  const again = await escalate(bytes, 'gw1:17~a');
  expect(first.headers.get('idempotency-key')).toBe('gw1:17~a');
  expect(again.headers.get('idempotency-key')).toBe('gw1:17~a');
  expect(await again.json()).toEqual(await first.json());
});

test.each([null, '', 'two words', 'x'.repeat(129)])(
  'idempotency key %j is refused',
  async (idempotencyKey) => {
    const response = await escalate(encodeQuantisedRows(rows, metadata), idempotencyKey);
    const problem = await expectProblem(response, 422, 'option-invalid');
    expect(problem.field).toBe('idempotency-key');
  },
);

test.each<[string, Record<string, string>, number, string, string]>([
  ['no metadata', {}, 422, 'option-invalid', '__metadata__.model'],
  ['no bundle', { model: 'dense' }, 422, 'option-invalid', '__metadata__.bundle'],
  ['a bad hash', { model: 'dense', bundle: 'x' }, 422, 'option-invalid', '__metadata__.bundle'],
  [
    'an unknown bundle',
    { model: 'dense', bundle: '0'.repeat(64) },
    404,
    'bundle-unknown',
    'bundle',
  ],
  ['another model', { model: 'sparse', bundle: dense.sha256 }, 404, 'bundle-unknown', 'bundle'],
  ['an unknown model', { model: 'none', bundle: dense.sha256 }, 404, 'bundle-unknown', 'bundle'],
])('%s is refused', async (_title, given, status, code, field) => {
  const problem = await expectProblem(
    await escalate(encodeQuantisedRows(rows, given)),
    status,
    code,
  );
  expect(problem.field).toBe(field);
});

test('rows that do not fit, float rows and broken files are refused', async () => {
  const other = { width: 11, sparse: false };
  const narrow = encodeQuantisedRows(createTestRows(other, 3), metadata);
  await expectProblem(await escalate(narrow), 422, 'rows-wrong-width');
  const none = encodeQuantisedRows(createTestRows(dense.bundle.input, 0), metadata);
  await expectProblem(await escalate(none), 422, 'rows-empty');
  const data = new Float32Array(12);
  const float = writeSafetensors([{ name: 'x', dtype: 'F32', shape: [1, 12], data }], metadata);
  await expectProblem(await escalate(float), 422, 'rows-malformed');
  const whole = encodeQuantisedRows(rows, metadata);
  await expectProblem(await escalate(whole.slice(0, -1)), 422, 'rows-malformed');
  const json = await call('POST /v1/escalations', {
    key,
    json: {},
    headers: { 'idempotency-key': 'a' },
  });
  await expectProblem(json, 415, 'media-type-unsupported');
});

test('CSR rows with offsets that go back or indices that do not ascend are refused', async () => {
  const make = (offsets: number[], indices: number[]) =>
    encodeQuantisedRows(
      {
        kind: 'sparse',
        count: offsets.length - 1,
        width: 40,
        offsets: Int32Array.from(offsets),
        indices: Int32Array.from(indices),
        codes: new Uint8Array(indices.length).fill(1),
      },
      { model: 'sparse', bundle: sparse.sha256 },
    );
  expect((await escalate(make([0, 1, 3], [5, 1, 2]))).status).toBe(200);
  await expectProblem(await escalate(make([0, 3, 1, 3], [1, 2, 3])), 422, 'rows-malformed');
  await expectProblem(await escalate(make([0, 2], [2, 1])), 422, 'rows-malformed');
  await expectProblem(await escalate(make([0, 1], [40])), 422, 'rows-malformed');
  await expectProblem(await escalate(make([0, 9], [1])), 422, 'rows-malformed');
});
