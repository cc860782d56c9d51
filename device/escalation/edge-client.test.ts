import { createTestBundle, createTestRows, type TestBundle } from '@dandan/shared/testing';
import { MAX_BODY_BYTES } from '@dandan/shared/wire';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  EDGE_KEY,
  type EdgeMode,
  type EdgeServer,
  edgeAnswers,
  startEdgeServer,
} from '../testing/edge-server.ts';
import { createEdgeClient } from './edge-client.ts';
import type { EscalationBatch } from './edge-link.ts';

let made: TestBundle;
let edge: EdgeServer;
let batch: EscalationBatch;
const NEVER = new AbortController().signal;

beforeAll(async () => {
  made = await createTestBundle();
  batch = { rows: createTestRows(made.bundle.input, 7), bundle: made.sha256, model: 'test-model' };
  edge = await startEdgeServer(made);
  return () => edge.stop();
});
beforeEach(() => {
  edge.mode = { kind: 'well' };
  edge.seen.length = 0;
});
afterAll(() => edge.stop());

const client = (key = EDGE_KEY, timeoutMs = 5000) =>
  createEdgeClient({ url: edge.url, key, timeoutMs });

test('escalate() gives the answers of the whole cascade, in row order', async () => {
  const outcome = await client().escalate(batch, NEVER);
  expect(outcome).toMatchObject({ kind: 'answered', answers: edgeAnswers(made, batch.rows) });
  expect(edge.seen).toMatchObject([{ rows: 7, bytes: outcome.bytesUp }]);
  expect(outcome.bytesDown).toBeGreaterThan(100);
});

test('escalate() names a batch by its content', async () => {
  const other = { ...batch, rows: createTestRows(made.bundle.input, 7, 2) };
  for (const each of [batch, batch, other]) await client().escalate(each, NEVER);
  const [first, second, third] = edge.seen.map(({ idempotencyKey }) => idempotencyKey);
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

const status = (code: number): EdgeMode => ({ kind: 'status', status: code });
test.each<[string, EdgeMode, object]>([
  ['500', status(500), { kind: 'unavailable', reason: 'HTTP 500 told-to' }],
  ['503', status(503), { kind: 'unavailable' }],
  ['408', status(408), { kind: 'unavailable' }],
  ['429', status(429), { kind: 'unavailable', retryAfterMs: 0 }],
  [
    '429 with seconds',
    { kind: 'status', status: 429, retryAfter: '7' },
    { kind: 'unavailable', retryAfterMs: 7000 },
  ],
  [
    '503 with a past date',
    { kind: 'status', status: 503, retryAfter: 'Thu, 01 Jan 1970 00:00:00 GMT' },
    { kind: 'unavailable', retryAfterMs: 0 },
  ],
  ['401', status(401), { kind: 'unauthorised' }],
  ['403', status(403), { kind: 'unauthorised' }],
  ['400', status(400), { kind: 'refused', reason: 'HTTP 400 told-to' }],
  ['404', status(404), { kind: 'refused' }],
  ['422', status(422), { kind: 'refused' }],
  ['a redirect', { kind: 'redirect', location: 'http://127.0.0.1:1/' }, { kind: 'unavailable' }],
  ['no JSON', { kind: 'body', body: '<html>' }, { kind: 'unavailable' }],
  ['another document', { kind: 'body', body: '{}' }, { kind: 'unavailable' }],
  [
    'an endless answer',
    { kind: 'body', body: ' '.repeat(MAX_BODY_BYTES + 1) },
    { kind: 'unavailable', reason: 'answer too long' },
  ],
])('escalate() judges %s', async (_, mode, expected) => {
  edge.mode = mode;
  expect(await client().escalate(batch, NEVER)).toMatchObject(expected);
});

test('escalate() refuses an answer of another bundle or of too few rows', async () => {
  const answers = edgeAnswers(made, batch.rows);
  const body = { model: 'test-model', bundle: made.sha256, policy: 'day', answers };
  for (const wrong of [
    { ...body, bundle: '0'.repeat(64) },
    { ...body, answers: answers.slice(1) },
  ]) {
    edge.mode = { kind: 'body', body: JSON.stringify(wrong) };
    expect(await client().escalate(batch, NEVER)).toMatchObject({ kind: 'unavailable' });
  }
});

test('escalate() reports a wrong key without repeating it', async () => {
  const outcome = await client('wrong-key').escalate(batch, NEVER);
  expect(outcome).toMatchObject({ kind: 'unauthorised', reason: 'HTTP 401 key-unknown' });
});

test('escalate() gives up after its timeout, and at once when aborted', async () => {
  edge.mode = { kind: 'silent' };
  const outcome = await client(EDGE_KEY, 50).escalate(batch, NEVER);
  expect(outcome).toMatchObject({ kind: 'unavailable', reason: 'timeout', bytesDown: 0 });
  const reason = new Error('stop');
  const aborted = AbortSignal.abort(reason);
  await expect(client().escalate(batch, aborted)).rejects.toBe(reason);
});

test('escalate() reports a refused connection', async () => {
  await edge.stop();
  const outcome = await client().escalate(batch, NEVER);
  await edge.start();
  expect(outcome).toMatchObject({ kind: 'unavailable', reason: 'ECONNREFUSED' });
});
