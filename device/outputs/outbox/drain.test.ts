import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../../log/index.ts';
import { createBackoff } from '../../retry/index.ts';
import { createDrain, type DrainOptions, type SendOutcome } from './drain.ts';
import type { CarriedClass, Message } from './message.ts';
import { type Outbox, openOutbox } from './outbox.ts';
import { OutboxError } from './write-error.ts';

let folder: string;
let outbox: Outbox;
let time: number;
let stop: AbortController;
let sent: { id: string; at: number }[];
let until: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dandan-drain-'));
  outbox = openOutbox({ file: join(folder, 'outbox.sqlite'), maxRows: 10 });
  time = 0;
  stop = new AbortController();
  sent = [];
  until = 3_600_000;
});
afterEach(() => {
  outbox.close();
  rmSync(folder, { recursive: true, force: true });
});

const put = (kind: CarriedClass, ...ids: string[]) =>
  outbox.put(
    ids.map((id) => ({ class: kind, id, destination: `d/${id}`, payload: Buffer.from(id) })),
  );
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `m${i}`);
const waiting = () => outbox.takeMessages({ limit: 1000 }).map(({ id }) => id);
const ACKNOWLEDGED: SendOutcome = { kind: 'acknowledged' };

/** A drain in a time of its own; it stops when nothing is left, or at `until`. */
function drain(options: Partial<DrainOptions> = {}) {
  const { send = async () => ACKNOWLEDGED } = options;
  return createDrain({
    outbox,
    classes: ['prediction', 'audit', 'telemetry'],
    liveBusy: () => false,
    backoff: createBackoff({ minMs: 1000, maxMs: 8000, random: () => 1 }),
    log: createLogger({ write: () => {} }),
    now: () => time,
    async wait(ms) {
      expect(ms).toBeGreaterThan(0);
      // Lets what is in flight come to its end before time goes on.
      await new Promise(setImmediate);
      time += ms;
      if (time >= until || waiting().length === 0) stop.abort();
    },
    ...options,
    send(message: Message, signal: AbortSignal) {
      sent.push({ id: message.id, at: time });
      return send(message, signal);
    },
  });
}

test('createDrain() sends by priority and oldest first, and deletes what was acknowledged', async () => {
  put('telemetry', 't1', 't2');
  put('audit', 'a1');
  put('prediction', 'p1', 'p2');
  await drain().run(stop.signal);
  expect(sent.map(({ id }) => id)).toEqual(['p1', 'p2', 'a1', 't1', 't2']);
  expect(waiting()).toEqual([]);
  expect(outbox.snapshot().prediction).toMatchObject({ delivered: 2, waiting: 0, bytes: 0 });
});

test('createDrain() leaves classes of other receivers alone', async () => {
  put('telemetry', 't1');
  put('audit', 'a1');
  until = 10_000;
  await drain({ classes: ['audit'] }).run(stop.signal);
  expect(waiting()).toEqual(['t1']);
});

test('createDrain() keeps to its rate after a burst', async () => {
  put('prediction', ...numbered(100));
  await drain({ ratePerSecond: 10, burst: 20 }).run(stop.signal);
  expect(sent).toHaveLength(100);
  for (const [i, { at }] of sent.entries()) {
    expect(at).toBeCloseTo(Math.max(0, (i - 19) * 100), 6);
  }
});

test('createDrain() bounds what is in flight', async () => {
  put('prediction', ...numbered(50));
  let [flying, most] = [0, 0];
  const send = async () => {
    most = Math.max(most, ++flying);
    await new Promise(setImmediate);
    flying--;
    return ACKNOWLEDGED;
  };
  await drain({ send, maxInFlight: 4 }).run(stop.signal);
  expect([sent.length, most]).toEqual([50, 4]);
});

test('createDrain() sends nothing while live messages are under way', async () => {
  put('prediction', ...numbered(30));
  const liveBusy = () => time % 1000 < 700;
  await drain({ liveBusy, ratePerSecond: 20, burst: 5 }).run(stop.signal);
  expect(sent).toHaveLength(30);
  expect(sent.filter(({ at }) => at % 1000 < 700)).toEqual([]);
});

test('createDrain() backs off while the receiver is away, then brings each message once', async () => {
  put('prediction', 'p1', 'p2', 'p3');
  const reached: string[] = [];
  const send = async ({ id }: Message): Promise<SendOutcome> => {
    if (time < 20_000) return { kind: 'unavailable', reason: 'ECONNREFUSED' };
    reached.push(id);
    return ACKNOWLEDGED;
  };
  const own = drain({ send, maxInFlight: 1 });
  await own.run(stop.signal);
  const tries = [...new Set(sent.map(({ at }) => at))];
  expect(tries).toEqual([0, 1000, 3000, 7000, 15_000, 23_000]);
  expect(own.snapshot()).toEqual({
    sent: 8,
    acknowledged: 3,
    refused: 0,
    unavailable: 5,
    inFlight: 0,
  });
  expect(reached).toEqual(['p1', 'p2', 'p3']);
});

test('createDrain() obeys Retry-After, up to a bound, and takes a rejection as unavailable', async () => {
  put('audit', 'a1');
  const outcomes = [
    async () => ({ kind: 'unavailable', reason: '429', retryAfterMs: 60_000 }) as const,
    async () => ({ kind: 'unavailable', reason: '503', retryAfterMs: 9e9 }) as const,
    () => Promise.reject(new Error('socket')),
    async () => ACKNOWLEDGED,
  ];
  await drain({ send: () => (outcomes.shift() as () => Promise<SendOutcome>)() }).run(stop.signal);
  expect(sent.map(({ at }) => at)).toEqual([0, 60_000, 660_000, 664_000]);
});

test('createDrain() wakes at once when the receiver is back', async () => {
  put('prediction', 'p1');
  let away = true;
  const own = drain({
    send: async () => (away ? { kind: 'unavailable', reason: 'x' } : ACKNOWLEDGED),
    async wait(_, signal) {
      await new Promise(setImmediate);
      if (!away) return stop.abort();
      away = false;
      const woken = once(signal, 'abort');
      own.wake();
      await woken;
    },
  });
  await own.run(stop.signal);
  expect([sent.length, time, waiting().length]).toEqual([2, 0, 0]);
});

test('createDrain() buries what is refused for good, with the reason', async () => {
  put('audit', 'a1', 'a2');
  const send = async ({ id }: Message): Promise<SendOutcome> =>
    id === 'a1' ? { kind: 'refused', reason: '422 rows-malformed' } : ACKNOWLEDGED;
  await drain({ send }).run(stop.signal);
  expect(outbox.snapshot().audit).toMatchObject({ delivered: 1, deadLettered: 1, waiting: 0 });
});

test('createDrain() keeps what was not acknowledged when it is stopped', async () => {
  put('prediction', 'p1', 'p2');
  const send = ({ id }: Message) =>
    id === 'p1' ? Promise.resolve(ACKNOWLEDGED) : new Promise<SendOutcome>(() => {});
  until = 500;
  await drain({ send }).run(stop.signal);
  expect(waiting()).toEqual(['p2']);
});

test('drainOnce() tries everything once, unpaced, and ends where the receiver is away', async () => {
  put('prediction', ...numbered(200));
  const own = drain({ ratePerSecond: 1, burst: 1, liveBusy: () => true });
  await own.drainOnce(stop.signal);
  expect([sent.length, waiting().length, time]).toEqual([200, 0, 0]);
  put('prediction', ...numbered(200));
  const send = async (): Promise<SendOutcome> => ({ kind: 'unavailable', reason: 'closed' });
  await drain({ send, maxInFlight: 8 }).drainOnce(stop.signal);
  expect(sent.length).toBeLessThanOrEqual(208);
  expect(waiting()).toHaveLength(200);
  await drain().drainOnce(AbortSignal.abort());
  expect(waiting()).toHaveLength(200);
});

test('createDrain() neither sends again nor on and on when acknowledgements cannot be written', async () => {
  put('prediction', ...numbered(500));
  let broken = true;
  const fragile: DrainOptions['outbox'] = {
    takeMessages: outbox.takeMessages,
    refuse: outbox.refuse,
    acknowledge(messages) {
      if (broken) throw new OutboxError('unwritable', 'disk I/O error');
      outbox.acknowledge(messages);
    },
  };
  until = 60_000;
  const own = drain({ outbox: fragile, ratePerSecond: 1000 });
  await own.run(stop.signal);
  expect(sent.length).toBeLessThan(200);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(sent.length);
  broken = false;
  until = 120_000;
  stop = new AbortController();
  await own.run(stop.signal);
  expect(sent.map(({ id }) => id).toSorted()).toEqual(numbered(500).toSorted());
});
