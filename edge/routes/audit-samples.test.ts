import { runDurableObjectAlarm } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { writeSafetensors } from '@dandan/shared/bundle';
import { createCascade, runCascade } from '@dandan/shared/cascade';
import type { DenseRows } from '@dandan/shared/kernel';
import { createTestBundle, createTestRows } from '@dandan/shared/testing';
import { beforeAll, expect, test } from 'vitest';
import { fullAnswers } from '../monitor/audit-answers.ts';
import {
  type CallOptions,
  call,
  createKey,
  expectProblem,
  migrate,
  safetensors,
} from '../testing/edge-client.ts';
import { avoidTurnOfHour, meterOf, report, settled } from '../testing/meter.ts';
import { publish } from '../testing/releases.ts';

const certificate = { alpha: 0.02, delta: 0.1, n: 500, method: 'fixed-sequence' as const };
const made = await createTestBundle({
  model: 'audited-rows',
  seed: 3,
  thresholds: [0.65, 0.7],
  certificate: { ...certificate, disagreements: 3 },
  trainedOn: (input) => createTestRows(input, 1000, 1),
});
const MODEL = 'audited-rows';
const rows = createTestRows(made.bundle.input, 60, 7) as DenseRows;
const cascade = createCascade(made.bundle);
const early = runCascade(cascade, rows, made.bundle.manifest.policies.day);
const full = fullAnswers(cascade, rows);
const METADATA = { model: MODEL, bundle: made.sha256, policy: 'day' };
let key = '';

beforeAll(async () => {
  avoidTurnOfHour();
  await migrate();
  await publish(made);
  key = (await createKey('device')).key;
});

function sampleOf(classes: Int32Array, metadata: Record<string, string> = METADATA) {
  const { count, width, codes } = rows;
  return writeSafetensors(
    [
      { name: 'codes', dtype: 'U8', shape: [count, width], data: codes },
      { name: 'classes', dtype: 'I32', shape: [classes.length], data: classes },
    ],
    metadata,
  );
}

function send(body: BodyInit, name: string, options: CallOptions = {}): Promise<Response> {
  const headers = { 'idempotency-key': name };
  return call('POST /v1/audit-samples', safetensors(body, { key, headers, ...options }));
}

const differing = early.classes.filter((value, i) => value !== full.classes[i]).length;

test('answers of a gateway are compared with the full cascade and move the monitor', async () => {
  expect(differing).toBeGreaterThan(0);
  const response = await send(sampleOf(early.classes), 'first');
  expect(response.status).toBe(200);
  const answer = await response.json<{ monitor: unknown }>();
  expect(answer).toMatchObject({
    model: MODEL,
    bundle: made.sha256,
    policy: 'day',
    audits: 60,
    disagreements: differing,
    counted: true,
    repeated: false,
    monitor: { alpha: 0.02, delta: 0.1, audits: 60, disagreements: differing },
  });
  const again = await (await send(sampleOf(early.classes), 'first')).json();
  expect(again).toEqual({ ...answer, repeated: true });
  const other = await createKey('device');
  const third = await send(sampleOf(full.classes), 'first', { key: other.key });
  expect(await third.json()).toMatchObject({
    disagreements: 0,
    repeated: false,
    monitor: { audits: 120, disagreements: differing },
  });
});

test('samples are figures of the gateway, and count for drift', async () => {
  await runDurableObjectAlarm(meterOf(MODEL));
  const { series, monitors, drift } = await report(`?model=${MODEL}`);
  expect(series).toMatchObject([{ source: 'gateway', tier: 'gateway' }]);
  expect(series[0].points[0]).toMatchObject({ audits: 120, disagreements: differing, nodes: 0 });
  expect(monitors).toMatchObject([{ audits: 120, disagreements: differing }]);
  expect(drift).toMatchObject([
    { model: MODEL, bundle: made.sha256, rows: 120, referenceRows: 1000, features: 12 },
  ]);
});

test('a promise that is broken raises an alarm that stays', async () => {
  const wrong = full.classes.map((value) => (value + 1) % 3);
  const answer = await (await send(sampleOf(wrong), 'broken')).json<{
    monitor: { alarmed: string };
  }>();
  const { alarmed } = answer.monitor;
  expect(Number.isNaN(Date.parse(alarmed))).toBe(false);
  await runDurableObjectAlarm(meterOf(MODEL));
  const [monitor] = (await report(`?model=${MODEL}`)).monitors;
  expect(monitor).toMatchObject({ alarmed, kept: false });
  const row = await env.REGISTRY.prepare('SELECT alarmed FROM monitors WHERE model = ?')
    .bind(MODEL)
    .first<string>('alarmed');
  expect(row).toBe(alarmed);
});

test('rows drawn on the edge and samples of gateways feed one monitor', async () => {
  const before = (await report(`?model=${MODEL}`)).monitors[0].audits;
  const { codes, width, count } = rows;
  const body = writeSafetensors(
    [{ name: 'codes', dtype: 'U8', shape: [count, width], data: codes }],
    METADATA,
  );
  for (let i = 0; i < 5; i++) {
    await call(`POST /v1/models/${MODEL}/predict`, safetensors(body));
  }
  await settled(MODEL, 'predict', 300);
  const { monitors, drift } = await report(`?model=${MODEL}`);
  expect(monitors[0].audits).toBe(before + 3);
  // Three samples of 60, and one in 32 of the 300 that were asked here.
  expect([189, 190]).toContain(drift[0].rows);
});

test('answers that differ are hard cases, with what the full cascade says', async () => {
  const response = await call(`GET /v1/hard-cases?model=${MODEL}&reason=disagreement`);
  const { cases } = await response.json<{ cases: { answer: string; fullAnswer: string }[] }>();
  expect(cases.length).toBeGreaterThanOrEqual(4);
  for (const { answer, fullAnswer } of cases) {
    expect(made.bundle.manifest.classes).toContain(fullAnswer);
    expect(fullAnswer).not.toBe(answer);
  }
});

test.each([
  [
    'no classes',
    () =>
      writeSafetensors(
        [{ name: 'codes', dtype: 'U8', shape: [60, 12], data: rows.codes }],
        METADATA,
      ),
    'classes',
  ],
  ['too few classes', () => sampleOf(full.classes.slice(1)), 'classes'],
  [
    'a class beyond the bundle',
    () => sampleOf(full.classes.map((_, i) => (i === 4 ? 3 : 0))),
    'classes[4]',
  ],
  [
    'a negative class',
    () => sampleOf(full.classes.map((_, i) => (i === 5 ? -1 : 0))),
    'classes[5]',
  ],
  [
    'floats',
    () =>
      writeSafetensors(
        [{ name: 'x', dtype: 'F32', shape: [1, 12], data: new Float32Array(12) }],
        METADATA,
      ),
    'x',
  ],
  [
    'no policy',
    () => sampleOf(full.classes, { model: MODEL, bundle: made.sha256 }),
    '__metadata__.policy',
  ],
  [
    'an unknown policy',
    () => sampleOf(full.classes, { ...METADATA, policy: 'noon' }),
    '__metadata__.policy',
  ],
  [
    'a malformed hash',
    () => sampleOf(full.classes, { ...METADATA, bundle: 'x' }),
    '__metadata__.bundle',
  ],
])('%s is refused by name, and counts nothing', async (_, body, field) => {
  const before = (await report(`?model=${MODEL}`)).monitors;
  const response = await send(body(), `refused ${field}`.replaceAll(' ', '-'));
  const { status } = response;
  const problem = JSON.parse(await response.text());
  expect({ status, field: problem.field }).toEqual({ status: 422, field });
  expect((await report(`?model=${MODEL}`)).monitors).toEqual(before);
});

test('an unknown bundle is refused, and a sample needs a name', async () => {
  const unknown = sampleOf(full.classes, { ...METADATA, bundle: 'f'.repeat(64) });
  await expectProblem(await send(unknown, 'unknown'), 404, 'bundle-unknown');
  const nameless = call('POST /v1/audit-samples', safetensors(sampleOf(full.classes), { key }));
  await expectProblem(await nameless, 422, 'option-invalid');
});
