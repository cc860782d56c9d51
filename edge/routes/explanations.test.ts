import { env } from 'cloudflare:workers';
import { createTestBundle } from '@dandan/shared/testing';
import { type ExplainResponse, explainResponseSchema } from '@dandan/shared/wire';
import { beforeAll, expect, test, vi } from 'vitest';
import type { ExplanationRecord, ExplanationSummary } from '../explanations/explanation-store.ts';
import { explanationRecordSchema } from '../explanations/schemas.ts';
import { call, createKey, expectProblem, migrate } from '../testing/edge-client.ts';
import { floatRows, jsonRows } from '../testing/float-rows.ts';
import { publish } from '../testing/releases.ts';

const certificate = { alpha: 0.05, delta: 0.1, n: 500, method: 'fixed-sequence' as const };
const dense = await createTestBundle({
  model: 'kept',
  seed: 3,
  certificate: { ...certificate, disagreements: 3 },
});
const sparse = await createTestBundle({ model: 'kept-sparse', seed: 2, sparse: true, width: 40 });
const wide = await createTestBundle({ model: 'kept-wide', seed: 2, width: 30_000, units: [1] });
const rows = jsonRows(floatRows(dense, 2));

let operator = { key: '', id: '' };

beforeAll(async () => {
  await migrate();
  for (const made of [dense, sparse, wide]) await publish(made);
  operator = await createKey('operator');
});

const explain = (model: string, json: object, key = operator.key) =>
  call(`POST /v1/models/${model}/explain`, { key, json });

async function keep(model: string, json: object): Promise<ExplainResponse> {
  const response = await explain(model, { ...json, keep: true });
  expect(response.status).toBe(200);
  return response.json();
}

async function list(query = ''): Promise<ExplanationSummary[]> {
  const response = await call(`GET /v1/explanations${query}`);
  expect(response.status).toBe(200);
  return (await response.json<{ explanations: ExplanationSummary[] }>()).explanations;
}

async function read(id = ''): Promise<ExplanationRecord> {
  const response = await call(`GET /v1/explanations/${id}`);
  expect(response.status).toBe(200);
  return response.json();
}

test('a kept explanation says who asked, when, of which bundle, under which promise, of which codes', async () => {
  const { record: id, ...explained } = await keep('kept', { rows });
  const record = await read(id);
  const { at, key, rows: codes, ...rest } = record;
  expect(rest).toEqual({ id, ...explained });
  expect(key).toEqual({ id: operator.id, name: 'operator of a test' });
  expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(60_000);
  expect(record.certificate).toMatchObject({ alpha: 0.05, n: 500 });
  expect(record.bundle).toBe(dense.sha256);
  const { offset, multiplier, zeroPoint } = dense.bundle.input;
  expect(codes).toEqual(
    rows.map((row) =>
      row.map((x, j) => {
        const code = Math.floor(Math.fround((x - offset[j]) * multiplier[j]) + 0.5) + zeroPoint;
        return Math.max(0, Math.min(127, code));
      }),
    ),
  );
  expect(explanationRecordSchema.parse(record)).toEqual(record);
});

test('the audit log and the listing know of it, page by page', async () => {
  const { record: id } = await keep('kept-sparse', { rows: [{ indices: [1, 5], values: [3, 4] }] });
  const [summary] = await list('?limit=1');
  expect(summary).toMatchObject({
    id,
    model: 'kept-sparse',
    bundle: sparse.sha256,
    policy: 'day',
    rows: 1,
    key: { id: operator.id },
  });
  expect((await read(id)).rows).toEqual([{ indices: [1, 5], codes: [3, 4] }]);
  const { entries } = await (await call('GET /v1/audit?limit=1')).json<{
    entries: { action: string; target: string; detail: string }[];
  }>();
  expect(entries).toMatchObject([
    { action: 'explanation-keep', target: id, detail: summary.sha256 },
  ]);
  const older = await list(`?before=${summary.number}`);
  expect(older.map(({ model }) => model)).toEqual(['kept']);
  expect(await list('?model=kept')).toEqual(older);
  for (const query of ['?limit=0', '?before=x', '?model=A', '?x=1']) {
    await expectProblem(await call(`GET /v1/explanations${query}`), 422, 'option-invalid');
  }
});

test('without keep nothing is kept', async () => {
  const before = await list();
  const response = await explain('kept', { rows });
  const answer = await response.json<ExplainResponse>();
  expect(answer).not.toHaveProperty('record');
  expect(explainResponseSchema.parse(answer)).toEqual(answer);
  await explain('kept', { rows, keep: false });
  expect(await list()).toEqual(before);
});

test('only an operator may have it kept, and what is too long is not', async () => {
  const before = await list();
  for (const scope of ['predict', 'device'] as const) {
    const { key } = await createKey(scope);
    await expectProblem(await explain('kept', { rows, keep: true }, key), 403, 'scope-missing');
    expect((await explain('kept', { rows }, key)).status).toBe(200);
  }
  const long = Array.from({ length: 16 }, () => new Array<number>(30_000).fill(1));
  const problem = await expectProblem(
    await explain('kept-wide', { rows: long, keep: true }),
    422,
    'option-invalid',
  );
  expect(problem.field).toBe('keep');
  expect(await list()).toEqual(before);
});

test('a record cannot be changed, and one that was is not shown as if it were not', async () => {
  const { record: id = '' } = await keep('kept', { rows });
  for (const statement of ['DELETE FROM explanations', "UPDATE explanations SET model = 'x'"]) {
    await expect(env.REGISTRY.prepare(statement).run()).rejects.toThrow('append-only');
  }
  const path = `explanations/${id}.json`;
  const text = await (await env.BUNDLES.get(path))?.text();
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  await env.BUNDLES.put(path, text?.replace('class-', 'klass-') ?? '');
  await expectProblem(await call(`GET /v1/explanations/${id}`), 500, 'explanation-altered');
  await env.BUNDLES.delete(path);
  await expectProblem(await call(`GET /v1/explanations/${id}`), 500, 'explanation-altered');
  log.mockRestore();
  const unknown = '00000000-0000-4000-8000-000000000000';
  await expectProblem(await call(`GET /v1/explanations/${unknown}`), 404, 'explanation-unknown');
  await expectProblem(await call('GET /v1/explanations/x'), 422, 'option-invalid');
});
