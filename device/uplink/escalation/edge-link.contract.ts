// What holds for every way to the edge.
import { createTestBundle, createTestRows, type TestBundle } from '@dandan/shared/testing';
import { MAX_BODY_BYTES } from '@dandan/shared/wire';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type EdgeMode,
  type EdgeServer,
  edgeAnswers,
  startEdgeServer,
} from '../../testing/edge-server.ts';
import { poll } from '../../testing/poll.ts';
import type { EdgeLink, EscalationBatch } from './edge-link.ts';

export interface TestLinks {
  create(timeoutMs: number): EdgeLink;
  dispose(): Promise<void>;
}

export interface EdgeLinkContract {
  readonly title: string;
  /** True: a program that it needs is not on this machine. */
  readonly skip: boolean;
  readonly start: (edge: EdgeServer) => Promise<TestLinks>;
}

const NEVER = new AbortController().signal;
const status = (code: number, retryAfter?: string): EdgeMode =>
  retryAfter === undefined
    ? { kind: 'status', status: code }
    : { kind: 'status', status: code, retryAfter };

export function testEdgeLink({ title, skip, start }: EdgeLinkContract): void {
  describe.skipIf(skip)(`EdgeLink over ${title}`, () => {
    let made: TestBundle;
    let edge: EdgeServer;
    let links: TestLinks;
    let batch: EscalationBatch;
    const link = (timeoutMs = 5000) => links.create(timeoutMs);

    beforeAll(async () => {
      made = await createTestBundle();
      const rows = createTestRows(made.bundle.input, 7);
      batch = { rows, bundle: made.sha256, model: 'test-model' };
      edge = await startEdgeServer(made);
      links = await start(edge);
    });
    afterAll(async () => {
      await links.dispose();
      await edge.stop();
    });
    beforeEach(async () => {
      edge.mode = { kind: 'well' };
      edge.seen.length = 0;
      edge.concurrency.most = 0;
    });

    /** A batch that nobody has asked about yet. */
    let seed = 10;
    const fresh = () => ({ ...batch, rows: createTestRows(made.bundle.input, 7, ++seed) });

    test('escalate() gives the answers of the whole cascade, in row order', async () => {
      const outcome = await link().escalate(batch, NEVER);
      expect(outcome).toMatchObject({ kind: 'answered', answers: edgeAnswers(made, batch.rows) });
      expect(edge.seen).toMatchObject([{ rows: 7, bytes: outcome.bytesUp }]);
      expect(outcome.bytesDown).toBeGreaterThan(100);
    });

    test('escalate() names a batch by its content', async () => {
      const [one, other] = [fresh(), fresh()];
      edge.mode = status(500);
      for (const each of [one, one, other]) await link().escalate(each, NEVER);
      const [first, second, third] = edge.seen.map(({ idempotencyKey }) => idempotencyKey);
      expect(first).toMatch(/^[0-9a-f]{64}$/);
      expect(second).toBe(first);
      expect(third).not.toBe(first);
    });

    test.each<[string, EdgeMode, object]>([
      ['500', status(500), { kind: 'unavailable', status: 500, reason: 'HTTP 500 told-to' }],
      ['503', status(503), { kind: 'unavailable', status: 503 }],
      ['408', status(408), { kind: 'unavailable', status: 408 }],
      ['429', status(429), { kind: 'unavailable', status: 429, retryAfterMs: 0 }],
      ['429 with seconds', status(429, '7'), { kind: 'unavailable', retryAfterMs: 7000 }],
      [
        '503 with a past date',
        status(503, 'Thu, 01 Jan 1970 00:00:00 GMT'),
        { kind: 'unavailable', retryAfterMs: 0 },
      ],
      ['401', status(401), { kind: 'unauthorised', status: 401 }],
      ['403', status(403), { kind: 'unauthorised', status: 403 }],
      ['400', status(400), { kind: 'refused', status: 400, reason: 'HTTP 400 told-to' }],
      ['404', status(404), { kind: 'refused', status: 404 }],
      ['422', status(422), { kind: 'refused', status: 422 }],
      [
        'a redirect',
        { kind: 'redirect', location: 'http://127.0.0.1:1/' },
        { kind: 'unavailable' },
      ],
      ['no JSON', { kind: 'body', body: '<html>' }, { kind: 'unavailable' }],
      ['another document', { kind: 'body', body: '{}' }, { kind: 'unavailable' }],
      [
        'an endless answer',
        { kind: 'body', body: ' '.repeat(MAX_BODY_BYTES + 1) },
        { kind: 'unavailable' },
      ],
      ['an answer that breaks off', { kind: 'half' }, { kind: 'unavailable' }],
    ])('escalate() judges %s', async (_, mode, expected) => {
      edge.mode = mode;
      expect(await link().escalate(fresh(), NEVER)).toMatchObject(expected);
    });

    test('escalate() refuses an answer of another bundle or of too few rows', async () => {
      const answers = edgeAnswers(made, batch.rows);
      const body = { model: 'test-model', bundle: made.sha256, policy: 'day', answers };
      for (const wrong of [
        { ...body, bundle: '0'.repeat(64) },
        { ...body, answers: answers.slice(1) },
      ]) {
        edge.mode = { kind: 'body', body: JSON.stringify(wrong) };
        expect(await link().escalate(fresh(), NEVER)).toMatchObject({ kind: 'unavailable' });
      }
    });

    test('escalate() gives up after its timeout, and when aborted', async () => {
      edge.mode = { kind: 'silent' };
      expect(await link(50).escalate(fresh(), NEVER)).toMatchObject({
        kind: 'unavailable',
        reason: 'timeout',
        status: undefined,
        bytesDown: 0,
      });
      const reason = new Error('stop');
      await expect(link().escalate(fresh(), AbortSignal.abort(reason))).rejects.toBe(reason);
      const controller = new AbortController();
      const waiting = link().escalate(fresh(), controller.signal);
      await poll('the request', () => edge.seen.length >= 2);
      controller.abort(reason);
      await expect(waiting).rejects.toBe(reason);
    });

    test('escalate() has several requests in flight, and each gets its own answers', async () => {
      const batches = Array.from({ length: 4 }, fresh);
      const one = link();
      const outcomes = await Promise.all(batches.map((each) => one.escalate(each, NEVER)));
      for (const [i, outcome] of outcomes.entries()) {
        const answers = edgeAnswers(made, batches[i].rows);
        expect(outcome).toMatchObject({ kind: 'answered', answers });
      }
    });

    test('escalate() answers one question that is asked twice at once both times', async () => {
      const same = fresh();
      const one = link();
      const outcomes = await Promise.all([one.escalate(same, NEVER), one.escalate(same, NEVER)]);
      const answers = edgeAnswers(made, same.rows);
      for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: 'answered', answers });
    });

    test('escalate() after a timeout has the answer, whenever the edge is well again', async () => {
      edge.mode = { kind: 'silent' };
      const same = fresh();
      expect(await link(50).escalate(same, NEVER)).toMatchObject({ kind: 'unavailable' });
      edge.mode = { kind: 'well' };
      const one = link(2000);
      const outcome = await poll('the answer', async () => {
        const next = await one.escalate(same, NEVER);
        return next.kind === 'answered' && next;
      });
      expect(outcome).toMatchObject({ answers: edgeAnswers(made, same.rows) });
    });

    test('escalate() reports an edge that is off', async () => {
      await edge.stop();
      const outcome = await link().escalate(fresh(), NEVER);
      await edge.start();
      expect(outcome).toMatchObject({ kind: 'unavailable' });
    });
  });
}
