import { createTestBundle } from '@dandan/shared/testing';
import {
  type ExplainResponse,
  explainResponseSchema,
  type PredictResponse,
} from '@dandan/shared/wire';
import { beforeAll, expect, test } from 'vitest';
import { call, createKey, expectProblem, migrate } from '../testing/edge-client.ts';
import { floatRows, jsonRows } from '../testing/float-rows.ts';
import { publish } from '../testing/releases.ts';

const dense = await createTestBundle({
  model: 'dense',
  structure: 'additive',
  units: [16, 16, 32],
  thresholds: [0.65, 0.7],
});
const sparse = await createTestBundle({ model: 'sparse', seed: 2, sparse: true, width: 40 });
const PATH = 'POST /v1/models/dense/explain';
let key = '';

beforeAll(async () => {
  await migrate();
  for (const entry of [dense, sparse]) await publish(entry);
  key = (await createKey('predict')).key;
});

async function explained(path: string, json: object): Promise<ExplainResponse> {
  const response = await call(path, { key, json });
  const text = await response.text();
  expect({ status: response.status, text }).toMatchObject({ status: 200 });
  return explainResponseSchema.parse(JSON.parse(text));
}

test.each([
  ['dense', dense],
  ['sparse', sparse],
] as const)(
  'explain gives the answers of predict, and reasons that add up: %s',
  async (model, entry) => {
    const rows = jsonRows(floatRows(entry, 8));
    const predicted = await call(`POST /v1/models/${model}/predict`, { key, json: { rows } });
    const { answers } = await predicted.json<PredictResponse>();
    const { explanations, ...head } = await explained(`POST /v1/models/${model}/explain`, {
      rows,
      top: 4,
    });
    expect(head).toEqual({ model, bundle: entry.sha256, policy: 'day', certificate: null });
    expect(new Set(answers.map(({ stage }) => stage)).size).toBeGreaterThan(1);
    explanations.forEach((reason, i) => {
      expect(reason).toMatchObject(answers[i]);
      const { stages, features, others, probability, baseline, residual } = reason;
      expect(stages.map(({ stage }) => stage)).toEqual(
        Array.from({ length: answers[i].stage }, (_, k) => k + 1),
      );
      const last = stages[stages.length - 1];
      expect(last).toMatchObject({ together: reason.label, confidence: reason.confidence });
      if (reason.stopped === 'confident') {
        expect(last.confidence).toBeGreaterThanOrEqual(last.threshold as number);
      }
      for (const { confidence, threshold } of stages.slice(0, -1)) {
        expect(confidence).toBeLessThan(threshold as number);
      }
      expect(features.length).toBeLessThanOrEqual(4);
      const sum = features.reduce((total, each) => total + each.contribution, others);
      expect(Math.abs(baseline + sum - probability)).toBeCloseTo(residual, 9);
      expect(residual).toBeLessThan(0.001);
      expect(Math.abs(probability - reason.confidence)).toBeLessThan(0.05);
    });
  },
);

test('a feature is named with the value that its code stands for', async () => {
  const floats = floatRows(dense, 1);
  const { explanations } = await explained(PATH, { rows: jsonRows(floats), top: 100 });
  for (const { column, name, value } of explanations[0].features) {
    expect(name).toBe(`x${column}`);
    // 16 codes a unit.
    const kept = Math.min(63 / 16, Math.max(-4, floats.values[column]));
    expect(Math.abs(value - kept)).toBeLessThanOrEqual(1 / 32 + 1e-6);
  }
});

test('a feature that decides is found', async () => {
  const row = Array<number>(12).fill(0);
  const alone = await explained(PATH, { rows: [row.with(5, 3.5)] });
  expect(alone.explanations[0].features.map(({ column }) => column)).toEqual([5]);
  expect(alone.explanations[0].others).toBe(0);
});

test('explain refuses what predict refuses, and more rows than a person asks about', async () => {
  const rows = jsonRows(floatRows(dense, 17));
  const many = await expectProblem(await call(PATH, { key, json: { rows } }), 422, 'rows-too-many');
  expect(many).toMatchObject({ field: 'rows', value: 17, allowed: '1..16 rows' });
  const wide = await call(PATH, { key, json: { rows: [[1, 2]] } });
  await expectProblem(wide, 422, 'rows-wrong-width');
  const one = rows.slice(0, 1);
  for (const options of [{ top: 0 }, { top: 101 }, { maxMacs: 5 }, { policy: 'noon' }]) {
    const refused = await call(PATH, { key, json: { rows: one, ...options } });
    await expectProblem(refused, 422, 'option-invalid');
  }
  const unknown = await call('POST /v1/models/nobody/explain', { key, json: { rows: one } });
  await expectProblem(unknown, 404, 'model-unknown');
  const other = await call(PATH, { key, json: { rows: one, bundle: sparse.sha256 } });
  await expectProblem(other, 404, 'bundle-unknown');
  const malformed = await call(PATH, {
    key,
    body: '[',
    headers: { 'content-type': 'application/json' },
  });
  await expectProblem(malformed, 400, 'json-malformed');
});
