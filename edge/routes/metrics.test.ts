import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { createCascade, runCascade, traceCascade } from '@dandan/shared/cascade';
import { createTestBundle, createTestRows } from '@dandan/shared/testing';
import { encodeQuantisedRows, type PredictResponse } from '@dandan/shared/wire';
import { beforeAll, expect, test } from 'vitest';
import { createApp } from '../app.ts';
import { confidenceBin } from '../metrics/tally.ts';
import {
  call,
  createKey,
  expectProblem,
  migrate,
  OPERATOR_KEY,
  safetensors,
} from '../testing/edge-client.ts';
import { avoidTurnOfHour, report, settled } from '../testing/meter.ts';
import { parseExposition } from '../testing/parse-exposition.ts';
import { publish } from '../testing/releases.ts';

// A promise that six audits at random do not break: which rows they are is chance.
const certificate = { alpha: 0.5, delta: 0.1, n: 500, method: 'fixed-sequence' as const };
const made = await createTestBundle({
  model: 'counted',
  seed: 3,
  thresholds: [0.65, 0.7],
  certificate: { ...certificate, disagreements: 3 },
});
const MODEL = 'counted';
const rows = createTestRows(made.bundle.input, 300, 7);
const body = encodeQuantisedRows(rows, { model: MODEL, bundle: made.sha256 });

beforeAll(async () => {
  avoidTurnOfHour();
  await migrate();
  await publish(made);
});

async function predict(query = '', key = OPERATOR_KEY): Promise<PredictResponse> {
  const path = `POST /v1/models/${MODEL}/predict${query}`;
  const response = await call(path, safetensors(body, { key }));
  expect(response.status).toBe(200);
  return response.json();
}

async function escalate(key: string): Promise<void> {
  const headers = { 'idempotency-key': 'an-escalation' };
  const response = await call('POST /v1/escalations', safetensors(body, { key, headers }));
  expect(response.status).toBe(200);
}

test('figures are those of the answers: exits, costs, confidences, askers', async () => {
  const gateway = await createKey('device');
  const { answers } = await predict();
  await predict();
  await predict('?policy=night');
  await escalate(gateway.key);
  await settled(MODEL, 'escalation', 300);
  await settled(MODEL, 'predict', 900);

  const { series } = await report(`?model=${MODEL}`);
  const day = series.find((each) => each.source === 'predict' && each.policy === 'day');
  expect(day).toMatchObject({ model: MODEL, bundle: made.sha256, tier: 'edge' });
  const [point] = day?.points ?? [];
  const at = (stage: number) => answers.filter((answer) => answer.stage === stage).length;
  expect(point.exits).toEqual([1, 2, 3].map((stage) => 2 * at(stage)));
  expect(at(1) > 0 && at(3) > 0, 'a staircase with mixed exits').toBe(true);
  const spent = answers.reduce((sum, { macs }) => sum + macs, 0);
  const full = traceCascade(createCascade(made.bundle), rows).macs[2];
  expect(point).toMatchObject({ requests: 2, nodes: 600, macs: 2 * spent });
  expect(point.fullMacs).toBe(2 * full.reduce((sum, value) => sum + value));
  expect(point.saved).toBeCloseTo(1 - point.macs / point.fullMacs, 12);
  const bins = new Array<number>(20).fill(0);
  for (const { confidence } of answers) bins[confidenceBin(confidence)] += 2;
  expect(point.confidence).toEqual(bins);
  const mean = answers.reduce((sum, { confidence }) => sum + confidence, 0) / answers.length;
  expect(point.meanConfidence).toBeCloseTo(mean, 6);
  expect(Object.values(point.stopped).reduce((sum, n) => sum + n)).toBe(600);
  expect(point.stopped.confident).toBe(
    2 * answers.filter(({ stopped }) => stopped === 'confident').length,
  );

  const night = series.find(({ policy }) => policy === 'night');
  expect(night?.points[0].exits).toEqual([300, 0, 0]);
  const { callers } = await (await call(`GET /v1/metrics/callers?model=${MODEL}`)).json<{
    callers: { key: string; nodes: number; escalations: number; device: null }[];
  }>();
  expect(callers.find(({ key }) => key === gateway.id)).toMatchObject({
    requests: 1,
    nodes: 300,
    escalations: 300,
    degraded: 0,
    device: null,
    bundle: made.sha256,
  });
  expect(callers.find(({ key }) => key === 'bootstrap')).toMatchObject({ nodes: 900 });
});

test('a hundredth of the answers is audited: what the full cascade says, for the monitor', async () => {
  const { series, monitors } = await report(`?model=${MODEL}`);
  const predicted = series.filter(({ source }) => source === 'predict');
  const audits = predicted.flatMap(({ points }) => points).map((point) => point.audits);
  // One of every hundred: six of 600 by day, three of 300 by night; escalations are no fair sample.
  expect(audits.reduce((sum, n) => sum + n)).toBe(9);
  const escalated = series.find(({ source }) => source === 'escalation');
  expect(escalated?.points[0].audits).toBe(0);
  expect(monitors).toMatchObject([
    { model: MODEL, bundle: made.sha256, policy: 'day', alpha: 0.5, delta: 0.1, audits: 6 },
  ]);
  const [{ evidence, kept, disagreements }] = monitors;
  expect(evidence).toBeGreaterThan(0);
  expect(kept).toBe(true);
  const day = predicted.find(({ policy }) => policy === 'day');
  expect(disagreements).toBe(day?.points[0].disagreements);
});

test('answers that a caller cut short are counted, but prove nothing about a promise', async () => {
  const { monitors } = await report(`?model=${MODEL}`);
  for (const query of ['?maxStage=1', '?maxMacs=1', '?exit=batch']) await predict(query);
  await settled(MODEL, 'predict', 1800);
  expect((await report(`?model=${MODEL}`)).monitors).toEqual(monitors);
});

test('GET /metrics is what a strict reader of Prometheus text takes, with the same figures', async () => {
  const { key } = await createKey('predict');
  const response = await call('GET /metrics', { key });
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const families = parseExposition(await response.text());
  const value = (name: string, labels: Record<string, string>) =>
    families
      .get(name)
      ?.samples.filter((sample) =>
        Object.entries(labels).every(([label, text]) => sample.labels[label] === text),
      )
      .reduce((sum, sample) => sum + sample.value, 0);
  const own = { model: MODEL, bundle: made.sha256.slice(0, 12), policy: 'day', source: 'predict' };
  const { series } = await report(`?model=${MODEL}`);
  const day = series.find((each) => each.source === 'predict' && each.policy === 'day');
  const [point] = day?.points ?? [];
  expect(value('dandan_nodes_total', own)).toBe(point.nodes);
  expect(value('dandan_macs_total', own)).toBe(point.macs);
  expect(value('dandan_full_macs_total', own)).toBe(point.fullMacs);
  expect(value('dandan_exits_total', { ...own, stage: '1' })).toBe(point.exits[0]);
  expect(value('dandan_stops_total', own)).toBe(point.nodes);
  const buckets = families
    .get('dandan_confidence')
    ?.samples.filter(
      ({ name, labels }) =>
        name.endsWith('_bucket') && labels.policy === 'day' && labels.source === 'predict',
    );
  const counts = buckets?.map((sample) => sample.value) ?? [];
  expect(counts).toHaveLength(21);
  expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  expect(counts.at(-1)).toBe(point.nodes);
  expect(value('dandan_promise_evidence_limit', { model: MODEL })).toBe(10);
  expect(value('dandan_promise_alarmed', { model: MODEL })).toBe(0);
  for (const { samples } of families.values()) {
    for (const { labels } of samples) expect(Object.keys(labels)).not.toContain('device');
  }
});

test.each([
  ['?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'],
  ['?from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'from'],
  ['?from=yesterday', 'from'],
  ['?step=minute', 'step'],
  ['?model=A', 'model'],
  ['?bundle=1', 'bundle'],
  ['?device=a', 'body'],
])('GET /v1/metrics%s is refused, naming %s', async (query, field) => {
  const problem = await expectProblem(await call(`GET /v1/metrics${query}`), 422, 'option-invalid');
  expect(problem.field).toBe(field);
});

test('ranges and steps choose the points', async () => {
  const days = await report(`?model=${MODEL}&step=day`);
  expect(days.step).toBe('day');
  expect(
    days.series
      .flatMap(({ points }) => points)
      .every(({ start }) => start.endsWith('T00:00:00.000Z')),
  ).toBe(true);
  const past = await report('?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z');
  expect(past.series).toEqual([]);
  expect((await report('?model=nobody')).monitors).toEqual([]);
});

test('without a meter an edge answers as ever', async () => {
  const { METER: _, ...rest } = env;
  const context = createExecutionContext();
  const response = await createApp().fetch(
    new Request(`https://edge.test/v1/models/${MODEL}/predict`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${OPERATOR_KEY}`,
        'content-type': 'application/vnd.safetensors',
      },
      body,
    }),
    rest,
    context,
  );
  await waitOnExecutionContext(context);
  const { answers } = await response.json<PredictResponse>();
  const { policies } = made.bundle.manifest;
  const direct = runCascade(createCascade(made.bundle), rows, policies.day);
  expect(answers.map((answer) => answer.class)).toEqual([...direct.classes]);
});
