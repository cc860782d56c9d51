import { createCascade, runBatch, runCascade, STOP_REASONS } from '@dandan/shared/cascade';
import type { FloatRows, QuantisedRows } from '@dandan/shared/kernel';
import { quantiseDense, quantiseSparse, toSparse } from '@dandan/shared/kernel';
import { createTestBundle, type TestBundle } from '@dandan/shared/testing';
import {
  encodeQuantisedRows,
  type PredictResponse,
  predictResponseSchema,
} from '@dandan/shared/wire';
import { beforeAll, expect, test } from 'vitest';
import { call, createKey, expectProblem, migrate, safetensors } from '../testing/edge-client.ts';
import { floatFile, floatRows, jsonRows } from '../testing/float-rows.ts';
import { publish, release, upload } from '../testing/releases.ts';

const dense = await createTestBundle({ model: 'dense', seed: 1, thresholds: [0.65, 0.7] });
const paper = await createTestBundle({ model: 'paper', seed: 4, structure: 'paper' });
const sparse = await createTestBundle({ model: 'sparse', seed: 2, sparse: true, width: 40 });
const DENSE = '/v1/models/dense/predict';
const SPARSE = '/v1/models/sparse/predict';
let key = '';

beforeAll(async () => {
  await migrate();
  for (const entry of [dense, paper, sparse]) await publish(entry);
  key = (await createKey('predict')).key;
});

function quantise(rows: FloatRows, { bundle }: TestBundle): QuantisedRows {
  const { input } = bundle;
  return input.sparse ? quantiseSparse(toSparse(rows), input) : quantiseDense(rows, input);
}

/** What the cascade answers when run directly. */
function direct(
  { bundle, sha256 }: TestBundle,
  rows: QuantisedRows,
  options: { policy?: 'day' | 'night'; maxStage?: number } = {},
): PredictResponse {
  const { policy = 'day' } = options;
  const limits = bundle.manifest.policies[policy];
  const maxStage = options.maxStage ?? limits.maxStage;
  const result = runCascade(createCascade(bundle), rows, {
    thresholds: limits.thresholds,
    maxStage,
  });
  const answers = Array.from(result.classes, (index, i) => ({
    class: index,
    label: bundle.manifest.classes[index],
    confidence: result.confidence[i],
    stage: result.stage[i],
    stopped: STOP_REASONS[result.stopped[i]],
    macs: result.macs[i],
  }));
  return { model: bundle.manifest.model, bundle: sha256, policy, answers };
}

async function answered(response: Response): Promise<PredictResponse> {
  const text = await response.text();
  expect({ status: response.status, text }).toMatchObject({ status: 200 });
  return predictResponseSchema.parse(JSON.parse(text));
}

test.each([
  ['dense', dense],
  ['paper', paper],
  ['sparse', sparse],
])('%s: JSON, float and quantised rows answer as runCascade() does', async (model, entry) => {
  const path = `POST /v1/models/${model}/predict`;
  const floats = floatRows(entry, 50);
  const rows = quantise(floats, entry);
  const expected = direct(entry, rows);
  // A comparison of answers that all stop alike would prove little.
  expect(new Set(expected.answers.map(({ stage }) => stage)).size).toBeGreaterThan(1);
  expect(new Set(expected.answers.map((answer) => answer.class)).size).toBeGreaterThan(1);
  const json = await answered(await call(path, { key, json: { rows: jsonRows(floats) } }));
  expect(json).toEqual(expected);
  const float = await answered(await call(path, safetensors(floatFile(floats), { key })));
  expect(float).toEqual(expected);
  const codes = encodeQuantisedRows(rows, { bundle: entry.sha256 });
  expect(await answered(await call(path, safetensors(codes, { key })))).toEqual(expected);
  const named = `${path}?bundle=${entry.sha256}`;
  const unnamed = safetensors(encodeQuantisedRows(rows), { key });
  expect(await answered(await call(named, unnamed))).toEqual(expected);
});

test('a sparse model takes {indices, values} rows and answers as for dense ones', async () => {
  const floats = floatRows(sparse, 30);
  const csr = toSparse(floats);
  const rows = Array.from({ length: csr.count }, (_, i) => ({
    indices: [...csr.indices.slice(csr.offsets[i], csr.offsets[i + 1])],
    values: [...csr.values.slice(csr.offsets[i], csr.offsets[i + 1])],
  }));
  const expected = direct(sparse, quantise(floats, sparse));
  expect(await answered(await call(`POST ${SPARSE}`, { key, json: { rows } }))).toEqual(expected);
});

test('a body may be gzip, as JSON and as safetensors, and must be what it says', async () => {
  const gzip = async (body: BodyInit) => {
    const packed = new Response(body).body?.pipeThrough(new CompressionStream('gzip'));
    return new Response(packed).arrayBuffer();
  };
  const floats = floatRows(dense, 30);
  const expected = direct(dense, quantise(floats, dense));
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const body = await gzip(JSON.stringify({ rows: jsonRows(floats) }));
  expect(await answered(await call(`POST ${DENSE}`, { key, headers, body }))).toEqual(expected);
  const packed = safetensors(await gzip(floatFile(floats)), {
    key,
    headers: { 'content-encoding': 'gzip' },
  });
  expect(await answered(await call(`POST ${DENSE}`, packed))).toEqual(expected);
  const torn = await call(`POST ${DENSE}`, { key, headers, body: body.slice(0, 40) });
  await expectProblem(torn, 400, 'body-malformed');
  const other = { ...headers, 'content-encoding': 'br' };
  const refused = await call(`POST ${DENSE}`, { key, headers: other, body });
  expect(refused.headers.get('accept-encoding')).toBe('identity, gzip');
  await expectProblem(refused, 415, 'encoding-unsupported');
});

test('maxMacs and deadlineMs end the climb, and every row has an answer', async () => {
  const floats = floatRows(dense, 20);
  const json = { rows: jsonRows(floats) };
  const [first] = direct(dense, quantise(floats, dense), { maxStage: 1 }).answers;
  for (const budget of [{ maxMacs: first.macs }, { deadlineMs: 0 }]) {
    const { answers } = await answered(
      await call(`POST ${DENSE}`, { key, json: { ...json, ...budget } }),
    );
    expect(answers).toHaveLength(20);
    expect(new Set(answers.map(({ stage }) => stage))).toEqual(new Set([1]));
    expect(answers.map(({ stopped }) => stopped)).toContain('budget');
  }
  const query = await call(`POST ${DENSE}?maxMacs=${first.macs}`, { key, json });
  expect((await answered(query)).answers.every(({ stage }) => stage === 1)).toBe(true);
});

test('exit batch stops all rows together, by the threshold given', async () => {
  const floats = floatRows(dense, 20);
  const rows = quantise(floats, dense);
  const cascade = createCascade(dense.bundle);
  const json = { rows: jsonRows(floats), exit: 'batch' };
  for (const batchThreshold of [0, 0.5, 1]) {
    const expected = runBatch(cascade, rows, { threshold: batchThreshold });
    const { answers } = await answered(
      await call(`POST ${DENSE}`, { key, json: { ...json, batchThreshold } }),
    );
    expect(answers.map((answer) => answer.class)).toEqual([...expected.classes]);
    expect(answers.map(({ stage }) => stage)).toEqual([...expected.stage]);
    expect(answers.map(({ macs }) => macs)).toEqual([...expected.macs]);
  }
  const night = await answered(
    await call(`POST ${DENSE}?exit=batch&batchThreshold=1&policy=night`, {
      ...safetensors(floatFile(floats), { key }),
    }),
  );
  expect(new Set(night.answers.map(({ stopped }) => stopped))).toEqual(new Set(['stage-limit']));
  const budget = await call(`POST ${DENSE}`, { key, json: { ...json, maxMacs: 10 } });
  await expectProblem(budget, 422, 'option-invalid');
});

test('the night policy and maxStage shorten the cascade', async () => {
  const floats = floatRows(dense, 20);
  const rows = quantise(floats, dense);
  const json = { rows: jsonRows(floats) };
  const night = await call(`POST ${DENSE}`, { key, json: { ...json, policy: 'night' } });
  expect(await answered(night)).toEqual(direct(dense, rows, { policy: 'night' }));
  const two = direct(dense, rows, { maxStage: 2 });
  expect(two.answers.some(({ stopped }) => stopped === 'stage-limit')).toBe(true);
  const body = await call(`POST ${DENSE}`, { key, json: { ...json, maxStage: 2 } });
  expect(await answered(body)).toEqual(two);
  const query = await call(`POST ${DENSE}?maxStage=2`, safetensors(floatFile(floats), { key }));
  expect(await answered(query)).toEqual(two);
  const both = await call(`POST ${DENSE}?maxStage=1`, { key, json: { ...json, maxStage: 2 } });
  expect(await answered(both)).toEqual(two);
  // Night allows one stage; asking for three does not lift that.
  const lifted = await call(`POST ${DENSE}`, {
    key,
    json: { ...json, policy: 'night', maxStage: 3 },
  });
  expect(await answered(lifted)).toEqual(direct(dense, rows, { policy: 'night' }));
});

test('after a promotion the next answer is from the new bundle, and the old one stays by hash', async () => {
  const model = 'moving';
  const old = await createTestBundle({ model, seed: 11 });
  const next = await createTestBundle({ model, seed: 12 });
  await publish(old);
  const floats = floatRows(old, 5);
  const predict = async (options: object) =>
    answered(
      await call(`POST /v1/models/${model}/predict`, {
        json: { rows: jsonRows(floats), ...options },
      }),
    );
  expect(await predict({})).toEqual(direct(old, quantise(floats, old)));
  await upload(next);
  await release(next, { fallback: old });
  expect(await predict({})).toEqual(direct(next, quantise(floats, next)));
  expect((await predict({ bundle: old.sha256 })).bundle).toBe(old.sha256);
});
