import { isAudited } from '@dandan/shared/cascade';
import type { DenseRows } from '@dandan/shared/kernel';
import { decodeQuantisedRows, type GatewayReport, gatewayReportSchema } from '@dandan/shared/wire';
import { expect, test } from 'vitest';
import { createMemoryStore } from '../../testing/memory-store.ts';
import { concatRows } from '../escalation/concat-rows.ts';
import { createAuditCollector } from './audit-collector.ts';
import { createAuditSender } from './audit-sender.ts';
import type { EdgePost, PostOutcome } from './edge-post.ts';
import { createGatewayCounts, MAX_COUNTED } from './gateway-counts.ts';
import { createHeartbeat } from './heartbeat.ts';

const TAKEN: PostOutcome = { kind: 'taken', json: undefined };
const AWAY: PostOutcome = { kind: 'unavailable', reason: 'timeout', retryAfterMs: 0 };
const NEVER = new AbortController().signal;
const bundle = (digit: string) => digit.repeat(64);
const DAY = { model: 'press', bundle: bundle('a'), policy: 'day' } as const;

function createPost(...outcomes: PostOutcome[]) {
  const sent: EdgePost[] = [];
  const post = async (request: EdgePost) => {
    sent.push(request);
    return outcomes.shift() ?? TAKEN;
  };
  const reports = () =>
    sent.map(({ body }) => gatewayReportSchema.parse(JSON.parse(body as string)));
  return { post, sent, reports };
}

function createCounts(outcomes: PostOutcome[] = [], now = () => 1000) {
  const made = createPost(...outcomes);
  const refused: string[] = [];
  const onRefused = (_: unknown, reason: string) => refused.push(reason);
  return { ...made, refused, counts: createGatewayCounts({ post: made.post, onRefused, now }) };
}

test('counts run on, and nothing is sent where nothing changed', async () => {
  const { counts, reports } = createCounts();
  expect(await counts.send(NEVER)).toEqual(TAKEN);
  counts.answered(DAY, 1, 3);
  counts.answered(DAY, 3);
  await counts.send(NEVER);
  await counts.send(NEVER);
  counts.degraded(DAY, 2);
  await counts.send(NEVER);
  expect(reports()).toEqual<GatewayReport[]>([
    { ...DAY, since: 1000, byStage: [3, 0, 1], degraded: 0 },
    { ...DAY, since: 1000, byStage: [3, 0, 1], degraded: 2 },
  ]);
});

test('a report that was lost is in the next one; another policy is another report', async () => {
  const { counts, reports } = createCounts([AWAY]);
  counts.answered(DAY, 1);
  expect(await counts.send(NEVER)).toEqual(AWAY);
  counts.answered(DAY, 1);
  counts.answered({ ...DAY, policy: 'night' }, 1, 5);
  await counts.send(NEVER);
  expect(reports().slice(1)).toMatchObject([{ byStage: [2] }, { policy: 'night', byStage: [5] }]);
});

test('another bundle begins anew, later than all before, even by a clock that was set back', async () => {
  let time = 1000;
  const { counts, reports } = createCounts([], () => time);
  counts.answered(DAY, 1);
  await counts.send(NEVER);
  counts.answered(DAY, 1);
  time = 10;
  counts.answered({ ...DAY, bundle: bundle('b') }, 1);
  await counts.send(NEVER);
  // Back to the first, as a rollback has it: its counts begin again, too.
  counts.answered(DAY, 1);
  await counts.send(NEVER);
  expect(reports().map(({ bundle: [b], since, byStage }) => [b, since, byStage[0]])).toEqual([
    ['a', 1000, 1],
    ['a', 1000, 2],
    ['b', 1001, 1],
    ['a', 1002, 1],
  ]);
});

test('a refused report is told and not repeated; memory stays bounded', async () => {
  const { counts, sent, refused } = createCounts([{ kind: 'refused', reason: 'HTTP 404' }]);
  counts.answered(DAY, 1);
  await counts.send(NEVER);
  await counts.send(NEVER);
  expect([sent.length, refused]).toEqual([1, ['HTTP 404']]);
  for (let i = 0; i < 2 * MAX_COUNTED; i++) counts.answered({ ...DAY, model: `m${i}` }, 1);
  await counts.send(NEVER);
  expect(sent).toHaveLength(1 + MAX_COUNTED);
});

const rows: DenseRows = { kind: 'dense', count: 1, width: 2, codes: Uint8Array.of(7, 9) };
const codesOf = (payload: Uint8Array) => decodeQuantisedRows(payload).rows.codes;

function collect(more: { share?: number; limit?: number } = {}) {
  const world = { time: 0 };
  const store = createMemoryStore(more.limit);
  const collector = createAuditCollector({
    store,
    concatRows,
    share: more.share ?? 1,
    batchRows: 3,
    batchDelayMs: 100,
    steady: () => world.time,
  });
  const offer = (time: number, what = DAY as Parameters<typeof collector.offer>[0]) =>
    collector.offer(what, {
      asset: 'p',
      time,
      class: time % 2,
      row: () => ({ ...rows, codes: Uint8Array.of(time % 128, 9) }),
    });
  const payloads = () =>
    store.takeMessages({ classes: ['audit'], limit: 99 }).map(({ payload }) => payload);
  return { world, store, collector, offer, payloads };
}

test('the sample is that of the shared hash, and asks for drawn rows alone', () => {
  const { collector } = collect({ share: 0.1 });
  const asked: number[] = [];
  for (let time = 0; time < 2000; time++) {
    const row = () => {
      asked.push(time);
      return rows;
    };
    collector.offer(DAY, { asset: 'p', time, class: 0, row });
  }
  const drawn = Array.from({ length: 2000 }, (_, time) => time).filter((time) =>
    isAudited({ node: 'p', time, share: 0.1, salt: DAY.bundle }),
  );
  expect(asked).toEqual(drawn);
  expect(drawn.length).toBeGreaterThan(150);
  expect(collector.snapshot().auditsDrawn).toBe(drawn.length);
});

test('batches leave when they are full or old, by model, bundle and policy', async () => {
  const { world, collector, offer, payloads } = collect();
  for (let time = 0; time < 4; time++) offer(time);
  offer(9, { ...DAY, policy: 'night' });
  await collector.flush();
  expect(payloads().map((each) => [...codesOf(each)])).toEqual([[0, 9, 1, 9, 2, 9]]);
  world.time = 100;
  await collector.flush();
  expect(payloads()).toHaveLength(3);
  const { metadata } = decodeQuantisedRows(payloads()[2]);
  expect(metadata).toEqual({ model: 'press', bundle: bundle('a'), policy: 'night' });
  await collector.flush({ all: true });
  expect(payloads()).toHaveLength(3);
});

test('the same batch has the same name; a full outbox drops rows and says how many', async () => {
  const { collector, offer, store } = collect({ limit: 1 });
  for (const time of [0, 1, 2, 0, 1, 2]) offer(time);
  await collector.flush();
  expect([store.size(), collector.snapshot().auditsDropped]).toEqual([1, 3]);
  const other = collect();
  for (const time of [0, 1, 2, 0, 1, 2]) other.offer(time);
  await other.collector.flush();
  expect(other.store.size()).toBe(1);
});

test('rows that nobody flushes stay within bounds', () => {
  const { collector, offer } = collect();
  for (let time = 0; time < 3000; time++) offer(time);
  const { auditsDrawn, auditsDropped } = collector.snapshot();
  expect(auditsDrawn - auditsDropped).toBeLessThanOrEqual(65 * 3);
});

test('audits are acknowledged, refused for good, or wait', async () => {
  const { collector, offer, store } = collect();
  for (let time = 0; time < 9; time++) offer(time);
  await collector.flush({ all: true });
  expect(store.size()).toBe(3);
  const { post, sent } = createPost(TAKEN, { kind: 'refused', reason: 'HTTP 404' }, AWAY);
  let busy = false;
  const reasons: string[] = [];
  const send = createAuditSender({
    post,
    source: store,
    isBusy: () => busy,
    onRefused: (reason) => reasons.push(reason),
  });
  expect(await send(NEVER)).toEqual(AWAY);
  expect([store.size(), store.refused, reasons]).toEqual([1, ['HTTP 404'], ['HTTP 404']]);
  busy = true;
  await send(NEVER);
  expect(sent).toHaveLength(3);
  busy = false;
  await send(NEVER);
  expect([store.size(), sent[3].idempotencyKey]).toEqual([0, sent[2].idempotencyKey]);
});

test('a heartbeat measures the edge’s clock by the middle of its request', async () => {
  const skews: object[] = [];
  const answers: object[] = [];
  let steady = 0;
  const heartbeat = createHeartbeat({
    post: async () => {
      steady += 400;
      return { kind: 'taken', json: { time: '1970-01-01T00:01:00.000Z', channels: [] } };
    },
    software: 's',
    models: () => [],
    onAnswer: (each) => answers.push(each),
    onSkew: (skew) => skews.push(skew),
    now: () => 30_200,
    steady: () => steady,
  });
  expect(await heartbeat(NEVER)).toMatchObject({ kind: 'taken' });
  expect(skews).toEqual([{ ms: 30_000, withinMs: 200 }]);
  expect(answers).toEqual([{ time: 60_200, channels: [] }]);
});

test('an answer that is no heartbeat’s changes nothing', async () => {
  const fail = () => {
    throw new Error('must not be called');
  };
  for (const json of [undefined, {}, { time: 'now', channels: [] }]) {
    const post = async () => ({ kind: 'taken', json }) as const;
    const options = { software: 's', models: () => [], onAnswer: fail, onSkew: fail };
    const outcome = await createHeartbeat({ post, ...options })(NEVER);
    expect(outcome).toMatchObject({ kind: 'unavailable' });
  }
});
