import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selectRows } from '@dandan/shared/kernel';
import { createTestBundle, createTestRows, type TestBundle } from '@dandan/shared/testing';
import { type Prediction, predictionId } from '@dandan/shared/wire';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../log/index.ts';
import { createMetrics, type Metrics } from '../metrics/index.ts';
import { type Outbox, openOutbox } from '../outbox/index.ts';
import { createBackoff } from '../retry/index.ts';
import { EDGE_KEY, type EdgeServer, edgeAnswers, startEdgeServer } from '../testing/edge-server.ts';
import { poll } from '../testing/poll.ts';
import { createEdgeClient } from './edge-client.ts';
import { createEscalator } from './escalator.ts';
import type { Escalator, EscalatorOptions } from './escalator-options.ts';
import type { UnsureRow } from './ledger.ts';

const ROWS = 40;
let made: TestBundle;
let edge: EdgeServer;
let unsure: UnsureRow[];
let expected: Map<string, Partial<Prediction>>;
let folder: string;
let outbox: Outbox;
let escalator: Escalator;
let metrics: Metrics;
let published: Prediction[];
let alerts: string[];

beforeAll(async () => {
  made = await createTestBundle();
  edge = await startEdgeServer(made);
  const rows = createTestRows(made.bundle.input, ROWS);
  unsure = Array.from({ length: ROWS }, (_, i) => ({
    prediction: {
      id: predictionId(made.sha256, `asset-${i}`, i),
      asset: `asset-${i}`,
      model: 'test-model',
      t: i,
      class: 0,
      label: 'own',
      confidence: 0.4,
      stage: 1,
      tier: 'gateway',
      bundle: made.sha256,
      degraded: false,
    },
    row: selectRows(rows, [i]),
  }));
  expected = new Map(
    edgeAnswers(made, rows).map(({ class: index, label, confidence, stage }, i) => [
      unsure[i].prediction.id,
      { class: index, label, confidence, stage, tier: 'edge', degraded: false },
    ]),
  );
});
afterAll(() => edge.stop());
beforeEach(async () => {
  await edge.start().catch(() => {});
  edge.mode = { kind: 'well' };
  edge.seen.length = 0;
  edge.concurrency.most = 0;
  folder = mkdtempSync(join(tmpdir(), 'dandan-escalator-'));
  published = [];
  alerts = [];
});
afterEach(async () => {
  await escalator.stop();
  outbox.close();
  rmSync(folder, { recursive: true, force: true });
});

function create(options: Partial<EscalatorOptions> = {}, maxRows = 1000): Escalator {
  outbox = openOutbox({ file: join(folder, 'outbox.sqlite'), maxRows });
  metrics = createMetrics({ stages: 1, pending: () => outbox.pending });
  escalator = createEscalator({
    outbox,
    edge: createEdgeClient({ url: edge.url, key: EDGE_KEY, timeoutMs: 300 }),
    publish: async (prediction) => {
      published.push(prediction);
    },
    isConnected: () => true,
    metrics,
    log: createLogger({ write: () => {} }),
    alert: (code) => alerts.push(code),
    batchRows: 16,
    batchDelayMs: 10,
    answerWithinMs: 300,
    backoff: createBackoff({ minMs: 30, maxMs: 60 }),
    ...options,
  });
  return escalator;
}

const edgeOnes = () => published.filter(({ tier }) => tier === 'edge');
const own = () => published.filter(({ tier }) => tier === 'gateway');

/** Every row has the edge's answer, bit for bit, as its last word, and nothing waits. */
async function expectAllAnswered(count = ROWS): Promise<void> {
  await poll('an empty outbox', () => outbox.pending === 0 && edgeOnes().length >= count);
  const last = new Map(published.map((prediction) => [prediction.id, prediction]));
  expect(last.size).toBe(count);
  for (const [id, prediction] of last) expect(prediction).toMatchObject(expected.get(id) ?? {});
}

test('add() sends rows in batches, one request in flight, and publishes the answers once', async () => {
  create().add(unsure);
  await expectAllAnswered();
  expect(own()).toEqual([]);
  expect(published).toHaveLength(ROWS);
  expect(edge.seen.map(({ rows }) => rows)).toEqual([16, 16, 8]);
  expect(edge.concurrency.most).toBe(1);
  expect(edge.seen[0].authorization).toBe(`Bearer ${EDGE_KEY}`);
  const bytesUp = edge.seen.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(metrics.snapshot()).toMatchObject({
    escalated: ROWS,
    edgeAnswers: ROWS,
    degraded: 0,
    pending: 0,
    requests: 3,
    requestFailures: 0,
    bytesUp,
  });
});

test('add() sends a small batch after its delay', async () => {
  create({ batchDelayMs: 1 }).add(unsure.slice(0, 3));
  await expectAllAnswered(3);
  expect(edge.seen).toMatchObject([{ rows: 3 }]);
});

test.each([
  ['is off', undefined],
  ['answers 503', { kind: 'status', status: 503 }],
  ['answers 429', { kind: 'status', status: 429 }],
  ['times out', { kind: 'silent' }],
  ['answers nonsense', { kind: 'body', body: '{}' }],
  ['refuses the key', { kind: 'status', status: 401 }],
] as const)(
  'while the edge %s, own answers go out and the rows are asked for later',
  async (_, mode) => {
    create();
    if (mode === undefined) await edge.stop();
    else edge.mode = mode;
    escalator.add(unsure);
    await poll('own answers', () => own().length >= ROWS);
    expect(own().every(({ degraded, label }) => degraded && label === 'own')).toBe(true);
    expect(own()).toHaveLength(ROWS);
    expect(outbox.pending).toBe(ROWS);
    expect(alerts.includes('edge-unauthorised')).toBe(
      mode?.kind === 'status' && mode.status === 401,
    );
    if (mode === undefined) await edge.start();
    edge.mode = { kind: 'well' };
    await expectAllAnswered();
    expect(edgeOnes()).toHaveLength(ROWS);
    expect(edgeOnes().map(({ t }) => t)).toEqual(unsure.map((_row, i) => i));
    expect(metrics.snapshot().requestFailures).toBeGreaterThan(0);
  },
);

test('rows added while the edge is known to be away get own answers without a request', async () => {
  create({ backoff: createBackoff({ minMs: 60_000, maxMs: 60_000 }) });
  edge.mode = { kind: 'status', status: 500 };
  escalator.add(unsure.slice(0, 1));
  await poll('the failure', () => own().length === 1);
  escalator.add(unsure.slice(1));
  await poll('own answers', () => own().length === ROWS);
  expect(edge.seen).toHaveLength(1);
  expect(outbox.pending).toBe(ROWS);
});

test('live rows go before kept ones', async () => {
  create();
  edge.mode = { kind: 'status', status: 500 };
  escalator.add(unsure.slice(0, 36));
  await poll('own answers', () => own().length === 36);
  edge.mode = { kind: 'well' };
  await poll('the first kept rows', () => edgeOnes().length > 0);
  escalator.add(unsure.slice(36));
  await expectAllAnswered();
  const order = edgeOnes().map(({ t }) => t);
  // Four rows tell that the edge is back.
  expect(order.slice(0, 4)).toEqual([0, 1, 2, 3]);
  expect(order.indexOf(36)).toBeLessThan(order.indexOf(35));
});

test('a 422 buries the rows with own answers and an alert, and others go on', async () => {
  create();
  edge.mode = { kind: 'status', status: 422 };
  escalator.add(unsure.slice(0, 20));
  await poll('the dead letters', () => outbox.deadLetters === 20);
  expect(own()).toHaveLength(20);
  expect(own().every(({ degraded }) => degraded)).toBe(true);
  expect(alerts).toContain('row-dead-lettered');
  edge.mode = { kind: 'well' };
  escalator.add(unsure.slice(20));
  await poll('the other rows', () => edgeOnes().length === 20);
  await poll('an empty outbox', () => outbox.pending === 0);
  expect(metrics.snapshot()).toMatchObject({ deadLettered: 20, degraded: 20, edgeAnswers: 20 });
});

test('a row leaves the outbox only after the broker has acknowledged its answer', async () => {
  const acknowledge: (() => void)[] = [];
  create({
    publish: (prediction) => {
      published.push(prediction);
      return new Promise((resolve) => acknowledge.push(resolve));
    },
  }).add(unsure.slice(0, 4));
  await poll('the answers', () => acknowledge.length === 4);
  acknowledge[0]();
  await poll('one deletion', () => outbox.pending === 3);
  expect(metrics.snapshot().edgeAnswers).toBe(1);
  expect(edge.seen).toHaveLength(1);
  for (const resolve of acknowledge) resolve();
  await poll('the others', () => outbox.pending === 0);
});

test('the outbox at its limit gives up the oldest rows, counted and answered', async () => {
  create({ backoff: createBackoff({ minMs: 60_000, maxMs: 60_000 }) }, 10);
  edge.mode = { kind: 'status', status: 500 };
  escalator.add(unsure);
  await poll('own answers', () => own().length === ROWS);
  expect(metrics.snapshot()).toMatchObject({ evicted: 30, pending: 10, degraded: ROWS });
  expect(alerts).toContain('outbox-full');
  const waiting = outbox.take({ announced: true, limit: 100, except: new Set() });
  expect(waiting.map(({ id }) => id)).toEqual(
    unsure.slice(30).map(({ prediction }) => prediction.id),
  );
});

test('stop() ends a request in flight; another escalator takes the rows up', async () => {
  create({
    answerWithinMs: 60_000,
    edge: createEdgeClient({ url: edge.url, key: EDGE_KEY, timeoutMs: 60_000 }),
  });
  edge.mode = { kind: 'silent' };
  escalator.add(unsure);
  await poll('the request', () => edge.seen.length === 1);
  await escalator.stop();
  expect(published).toEqual([]);
  expect(outbox.pending).toBe(ROWS);
  outbox.close();
  edge.mode = { kind: 'well' };
  create().wake();
  await expectAllAnswered();
});

test('drain() asks for the live rows and leaves the kept ones', async () => {
  create({ batchDelayMs: 60_000 }).add(unsure.slice(0, 15));
  expect(edge.seen).toEqual([]);
  await escalator.drain(AbortSignal.timeout(10_000));
  await expectAllAnswered(15);
});

test('drain() ends with its signal while the edge is silent', async () => {
  create({ edge: createEdgeClient({ url: edge.url, key: EDGE_KEY, timeoutMs: 60_000 }) });
  edge.mode = { kind: 'silent' };
  escalator.add(unsure);
  await poll('the request', () => edge.seen.length === 1);
  await escalator.drain(AbortSignal.timeout(30));
  expect(outbox.pending).toBe(ROWS);
});
