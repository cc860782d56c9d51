import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as setImmediatePromise } from 'node:timers/promises';
import { selectRows } from '@dandan/shared/kernel';
import { createTestBundle, createTestRows, type TestBundle } from '@dandan/shared/testing';
import { type Prediction, predictionId } from '@dandan/shared/wire';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createLogger } from '../../log/index.ts';
import { createMetrics, type Metrics } from '../../metrics/index.ts';
import { PublishError } from '../../mqtt/index.ts';
import { type Outbox, openOutbox } from '../../outputs/outbox/index.ts';
import { createBackoff } from '../../retry/index.ts';
import {
  EDGE_KEY,
  type EdgeServer,
  edgeAnswers,
  startEdgeServer,
} from '../../testing/edge-server.ts';
import { poll } from '../../testing/poll.ts';
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
    answerWithinMs: 10_000,
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
    create({ answerWithinMs: 300, backoff: createBackoff({ minMs: 150, maxMs: 300 }) });
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

/** The same rows for a second bundle, which the edge does not know. */
const otherBundle = (rows: readonly UnsureRow[]): UnsureRow[] =>
  rows.map(({ prediction, row }) => ({
    prediction: {
      ...prediction,
      id: `other/${prediction.id}`,
      bundle: 'f'.repeat(64),
      model: 'other-model',
    },
    row,
  }));

test('rows that the edge refuses or cannot answer for one bundle hold up no other', async () => {
  const https = createEdgeClient({ url: edge.url, key: EDGE_KEY, timeoutMs: 300 });
  const asked: string[] = [];
  create({
    breaker: { failures: 1 },
    backoff: createBackoff({ minMs: 60_000, maxMs: 60_000 }),
    edge: {
      async escalate(batch, signal) {
        asked.push(batch.model);
        if (batch.model === 'test-model') return https.escalate(batch, signal);
        const nothing = { retryAfterMs: 0, bytesUp: 0, bytesDown: 0 };
        return { kind: 'unavailable', reason: 'HTTP 500', status: 500, ...nothing };
      },
    },
  });
  escalator.add([...otherBundle(unsure), ...unsure]);
  await poll('the answers', () => edgeOnes().length === ROWS);
  await poll('own answers', () => own().length === ROWS);
  expect(own().every(({ id }) => id.startsWith('other/'))).toBe(true);
  expect(asked.filter((model) => model === 'other-model')).toHaveLength(1);
  expect(escalator.snapshot()).toMatchObject({ breakersOpen: 1, breakerOpenings: 1 });
  await poll('the rows that wait', () => outbox.pending === ROWS);
  // An unknown bundle is refused by the real one, too, and its rows are buried.
  await escalator.stop();
  outbox.close();
  create();
  escalator.wake();
  await poll('the dead letters', () => outbox.deadLetters === ROWS);
  expect(outbox.pending).toBe(0);
});

test('a failure within the time for an answer is tried again before any own answer', async () => {
  create({ answerWithinMs: 20_000, breaker: { failures: 3 } });
  edge.mode = { kind: 'status', status: 503 };
  escalator.add(unsure.slice(0, 16));
  await poll('two tries', () => edge.seen.length === 2);
  edge.mode = { kind: 'well' };
  await expectAllAnswered(16);
  expect(own()).toEqual([]);
  expect(escalator.snapshot()).toMatchObject({ breakersOpen: 0, breakerOpenings: 0 });
});

test('an open breaker answers new rows at once, tries four rows, and closes', async () => {
  create({ breaker: { failures: 1 }, answerWithinMs: 20_000 });
  edge.mode = { kind: 'status', status: 503 };
  escalator.add(unsure.slice(0, 20));
  await poll('own answers', () => own().length === 20);
  expect(escalator.snapshot().breakersOpen).toBe(1);
  const tries = edge.seen.length;
  await poll('a probe', () => edge.seen.length > tries);
  expect(edge.seen[tries].rows).toBe(4);
  edge.mode = { kind: 'well' };
  await expectAllAnswered(20);
  const snapshot = escalator.snapshot();
  expect(snapshot).toMatchObject({ breakersOpen: 0, breakerOpenings: 1 });
  expect(snapshot.probes).toBe(edge.seen.filter(({ rows }) => rows <= 4).length);
});

test('a row that waits in line gets its own answer when its time is over', async () => {
  create({
    answerWithinMs: 50,
    edge: createEdgeClient({ url: edge.url, key: EDGE_KEY, timeoutMs: 20_000 }),
  });
  edge.mode = { kind: 'slow', ms: 400 };
  escalator.add(unsure);
  await poll('own answers', () => own().length === ROWS);
  expect(edgeOnes()).toEqual([]);
  expect(edge.seen.length).toBe(1);
  edge.mode = { kind: 'well' };
  await expectAllAnswered();
  expect(own()).toHaveLength(ROWS);
});

test('Retry-After is obeyed, and the pace of kept rows slows down', async () => {
  create({ answerWithinMs: 100 });
  edge.mode = { kind: 'status', status: 429, retryAfter: '60' };
  escalator.add(unsure.slice(0, 16));
  await poll('own answers', () => own().length === 16);
  escalator.wake();
  escalator.add(unsure.slice(16));
  await poll('own answers', () => own().length === ROWS);
  expect(edge.seen).toHaveLength(1);
  const { throttled, paceMs, breakersOpen } = escalator.snapshot();
  expect([throttled, paceMs, breakersOpen]).toEqual([1, 200, 0]);
});

test('a request that is too large goes in halves, and a row that is too large is buried', async () => {
  const https = createEdgeClient({ url: edge.url, key: EDGE_KEY, timeoutMs: 300 });
  const tooLarge = { kind: 'refused', reason: 'HTTP 413', status: 413 } as const;
  const sizes: number[] = [];
  create({
    edge: {
      async escalate(batch, signal) {
        sizes.push(batch.rows.count);
        if (batch.rows.count > 5) return { ...tooLarge, bytesUp: 0, bytesDown: 0 };
        return https.escalate(batch, signal);
      },
    },
  });
  escalator.add(unsure);
  await expectAllAnswered();
  expect(sizes.slice(0, 4)).toEqual([16, 8, 4, 4]);
  expect(outbox.deadLetters).toBe(0);
});

test('a spent day answers rows at once and keeps them; it may also drop them, counted', async () => {
  create({ budget: { rowsPerDay: 10 } });
  escalator.add(unsure.slice(0, 16));
  await poll('the answers', () => edgeOnes().length === 10);
  await poll('own answers', () => own().length === 6);
  expect(edge.seen.map(({ rows }) => rows)).toEqual([10]);
  escalator.add(unsure.slice(16, 20));
  await poll('own answers', () => own().length === 10);
  expect(alerts).toContain('edge-budget-spent');
  await poll('the rows that wait', () => outbox.pending === 10);
  expect(escalator.snapshot().budgetSpent).toBe(0);
  await escalator.stop();
  outbox.close();
  rmSync(join(folder, 'outbox.sqlite'));
  published = [];
  create({ budget: { rowsPerDay: 10 }, whenSpent: 'drop' });
  escalator.add(unsure.slice(0, 16));
  await poll('an empty outbox', () => outbox.pending === 0 && published.length === 16);
  expect(own().map(({ t }) => t)).toEqual([10, 11, 12, 13, 14, 15]);
  expect(escalator.snapshot().budgetSpent).toBe(6);
});

test('a spent minute lets rows wait for the next one', async () => {
  const time = { wall: Date.now(), clock: 0 };
  create({
    budget: { rowsPerMinute: 10 },
    answerWithinMs: 50,
    now: () => time.wall,
    clock: () => time.clock,
  });
  escalator.add(unsure.slice(0, 16));
  await poll('the first', () => edgeOnes().length === 10 && own().length === 6);
  time.wall += 62_000;
  time.clock += 62_000;
  escalator.wake();
  await expectAllAnswered(16);
});

test('rows that are too old get their own answer as the last word and are counted', async () => {
  const time = { wall: Date.now(), clock: 0 };
  const options = { now: () => time.wall, clock: () => time.clock, maxAgeMs: 60_000 };
  create({ ...options, isConnected: () => false });
  escalator.add(unsure.slice(0, 20));
  await poll('the rows on disk', () => outbox.pending === 20);
  await escalator.stop();
  outbox.close();
  time.wall = Date.now() + 120_000;
  create(options);
  escalator.wake();
  await poll('an empty outbox', () => outbox.pending === 0 && own().length === 20);
  expect(own().every(({ degraded }) => degraded)).toBe(true);
  expect(escalator.snapshot().expired).toBe(20);
  expect(edge.seen).toEqual([]);
});

test('an answer that the broker refused is published again, and the edge not asked again', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  try {
    let refuse = true;
    create({
      publish: async (prediction) => {
        if (refuse) throw new PublishError('refused', 'Not authorized');
        published.push(prediction);
      },
    });
    escalator.add(unsure.slice(0, 5));
    await poll('the refusals', () => escalator.snapshot().undelivered === 5);
    refuse = false;
    await vi.advanceTimersByTimeAsync(31_000);
    await expectAllAnswered(5);
    expect(published).toHaveLength(5);
    expect(edge.seen).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});

test('an edge in a storm of failures gets few requests, and every row its answer in the end', async () => {
  create({ answerWithinMs: 100, backoff: createBackoff({ minMs: 20, maxMs: 40 }) });
  const storm = [500, 200, 503, 502, 200, 429, 500, 200, 504, 408];
  let n = 0;
  const well = edge.mode;
  const switching = setInterval(() => {
    const status = storm[n++ % storm.length];
    edge.mode = status === 200 ? well : { kind: 'status', status };
  }, 15);
  try {
    for (let i = 0; i < ROWS; i += 4) {
      escalator.add(unsure.slice(i, i + 4));
      await setImmediatePromise();
    }
    await poll('answers in the storm', () => edgeOnes().length > 0);
  } finally {
    clearInterval(switching);
  }
  edge.mode = well;
  await expectAllAnswered();
  expect(new Set(edgeOnes().map(({ id }) => id)).size).toBe(edgeOnes().length);
});
