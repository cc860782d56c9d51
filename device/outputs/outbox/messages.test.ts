import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_ANSWERED } from './answered.ts';
import { DAMAGED, MAX_DEAD_LETTERS } from './escalations.ts';
import { type CarriedClass, MAX_MESSAGE_BYTES, type NewMessage, type NewRow } from './message.ts';
import { type Outbox, type OutboxOptions, openOutbox } from './outbox.ts';

let folder: string;
let file: string;
let outbox: Outbox;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dandan-messages-'));
  file = join(folder, 'outbox.sqlite');
  outbox = openOutbox({ file, maxRows: 1000 });
});
afterEach(() => {
  outbox.close();
  rmSync(folder, { recursive: true, force: true });
});

function reopen(options: Partial<OutboxOptions> = {}): void {
  outbox.close();
  outbox = openOutbox({ file, maxRows: 1000, ...options });
}

/** Works on the file between two openings. */
function tamper(statement: string): void {
  outbox.close();
  const database = new DatabaseSync(file);
  database.exec(statement);
  database.close();
  outbox = openOutbox({ file, maxRows: 1000 });
}

const message = (kind: CarriedClass, id: string, size = 3): NewMessage => ({
  class: kind,
  id,
  destination: `topic/${id}`,
  payload: new Uint8Array(size).fill(id.length),
  created: 5,
});
const row = (id: string): NewRow => ({
  id,
  bundle: 'ab',
  model: 'm',
  codes: new Uint8Array([1, 2]),
  prediction: `{"id":"${id}"}`,
});
const take = () => outbox.takeMessages({ limit: 1000 });
const ids = () => take().map(({ id }) => id);
const seqs = () =>
  outbox.take({ announced: false, limit: 1000, except: new Set() }).map(({ seq }) => seq);

test('put() keeps messages across a reopening, by priority and oldest first', () => {
  const given = [
    message('telemetry', 't'),
    message('audit', 'a'),
    message('prediction', 'p2'),
    message('prediction', 'p1'),
  ];
  expect(outbox.put(given)).toEqual({ added: 4, repeated: 0, refused: [] });
  reopen();
  expect(ids()).toEqual(['p2', 'p1', 'a', 't']);
  const [first] = take();
  expect(first).toMatchObject({ class: 'prediction', destination: 'topic/p2', created: 5 });
  expect([...first.payload]).toEqual([2, 2, 2]);
  expect(outbox.snapshot().prediction).toMatchObject({ waiting: 2, bytes: 2 * (2 + 8 + 3) });
});

test('put() keeps a message once, by class and id', () => {
  const twice = [message('audit', 'x'), message('audit', 'x'), message('telemetry', 'x')];
  expect(outbox.put(twice)).toMatchObject({ added: 2, repeated: 1 });
  reopen();
  expect(outbox.put(twice)).toMatchObject({ added: 0, repeated: 3 });
  expect(outbox.snapshot().audit).toMatchObject({ repeated: 2, waiting: 1 });
});

test('put() refuses what no transaction has room for, and nothing else of the call', () => {
  const large = message('prediction', 'large', MAX_MESSAGE_BYTES);
  const outcome = outbox.put([message('prediction', 'a'), large, message('prediction', 'b')]);
  expect(outcome).toMatchObject({ added: 2, refused: [{ message: large, reason: 'too-large' }] });
  const exact = message('prediction', 'exact', MAX_MESSAGE_BYTES - 'exacttopic/exact'.length);
  expect(outbox.put([exact]).added).toBe(1);
  expect(ids()).toEqual(['a', 'b', 'exact']);
});

test('takeMessages() passes over what is excepted and keeps to its classes and limit', () => {
  outbox.put(['a', 'b', 'c'].map((id) => message('prediction', id)));
  outbox.put([message('telemetry', 't')]);
  const [a] = take();
  const some = outbox.takeMessages({ limit: 2, except: new Set([a.seq]) });
  expect(some.map(({ id }) => id)).toEqual(['b', 'c']);
  expect(outbox.takeMessages({ classes: ['telemetry'], limit: 9 })).toHaveLength(1);
  expect(outbox.takeMessages({ limit: 0 })).toEqual([]);
});

test('acknowledge() deletes once; a number is not used again', () => {
  outbox.put([message('prediction', 'a'), message('prediction', 'b')]);
  const [a, b] = take();
  outbox.acknowledge([b, b]);
  outbox.put([message('prediction', 'c')]);
  outbox.acknowledge([b]);
  expect(ids()).toEqual(['a', 'c']);
  expect(take()[1].seq).toBeGreaterThan(b.seq);
  expect(outbox.snapshot().prediction).toMatchObject({ delivered: 1, waiting: 2 });
  outbox.acknowledge([a]);
  reopen();
  expect(ids()).toEqual(['c']);
});

test('acknowledgeIds() deletes by id and knows nothing of the rest', () => {
  outbox.put([message('prediction', 'a'), message('prediction', 'b'), message('audit', 'a')]);
  outbox.acknowledgeIds('prediction', ['a', 'never']);
  expect(take().map(({ class: kind, id }) => `${kind} ${id}`)).toEqual(['prediction b', 'audit a']);
  expect(outbox.snapshot().prediction).toMatchObject({ delivered: 1, waiting: 1 });
});

test('refuse() keeps a bounded number of dead letters with their reason', () => {
  const many = Array.from({ length: MAX_DEAD_LETTERS + 2 }, (_, i) => message('audit', `${i}`));
  outbox.put(many);
  outbox.refuse(outbox.takeMessages({ limit: many.length }), '422');
  outbox.close();
  const found = new DatabaseSync(file);
  const dead = found.prepare('SELECT id, reason FROM dead_message ORDER BY seq').all();
  found.close();
  expect([dead.length, dead[0]]).toEqual([MAX_DEAD_LETTERS, { id: '2', reason: '422' }]);
  outbox = openOutbox({ file, maxRows: 1000 });
});

test('what the disk has altered becomes a dead letter instead of being sent', () => {
  outbox.put(['a', 'b'].map((id) => message('prediction', id)));
  outbox.add(['x', 'y'].map(row), { announced: false });
  tamper(`UPDATE prediction SET payload = x'00' WHERE id = 'a';
          UPDATE waiting SET prediction = '{' WHERE id = 'x'`);
  expect(ids()).toEqual(['b']);
  expect(seqs()).toHaveLength(1);
  expect(outbox.snapshot()).toMatchObject({
    prediction: { deadLettered: 1, waiting: 1 },
    escalation: { deadLettered: 1, waiting: 1 },
  });
  outbox.close();
  const found = new DatabaseSync(file);
  expect(found.prepare('SELECT id, reason FROM dead_letter').all()).toEqual([
    { id: 'x', reason: DAMAGED },
  ]);
  found.close();
  outbox = openOutbox({ file, maxRows: 1000 });
});

test('an escalation that was answered or buried is not added again, until it may be forgotten', () => {
  outbox.add(['a', 'b', 'c'].map(row), { announced: false });
  const [a, b] = seqs();
  outbox.remove([a]);
  outbox.bury([b], '422');
  expect(outbox.add(['a', 'b', 'c'].map(row), { announced: false })).toEqual([]);
  expect(outbox.pending).toBe(1);
  reopen();
  expect(['a', 'b', 'c'].map(outbox.isAnswered)).toEqual([true, true, false]);
  outbox.add(['a'].map(row), { announced: false });
  expect([outbox.pending, outbox.snapshot().escalation.repeated]).toEqual([1, 1]);
  outbox.forgetAnswered(outbox.time + 1);
  expect(outbox.isAnswered('a')).toBe(false);
  outbox.add(['a'].map(row), { announced: false });
  expect(outbox.pending).toBe(2);
});

test('forgetAnswered() keeps what was answered from its time on', () => {
  let monotonic = 0;
  reopen({ monotonic: () => monotonic, boot: 'other' });
  outbox.add(['a', 'b'].map(row), { announced: false });
  const [a, b] = seqs();
  outbox.remove([a]);
  monotonic += 5;
  const { time } = outbox;
  outbox.remove([b]);
  outbox.forgetAnswered(time);
  expect(['a', 'b'].map(outbox.isAnswered)).toEqual([false, true]);
  reopen();
  expect(['a', 'b'].map(outbox.isAnswered)).toEqual([false, true]);
});

test('the memory of answers is bounded, the oldest is forgotten first', () => {
  const insert = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${MAX_ANSWERED})
    INSERT INTO answered (id, at) SELECT 'old' || i, 0 FROM n`;
  tamper(insert);
  outbox.add([row('new')], { announced: false });
  outbox.remove(seqs());
  expect(['old1', 'old2', 'new'].map(outbox.isAnswered)).toEqual([false, true, true]);
  reopen();
  expect(['old1', 'old2', 'new'].map(outbox.isAnswered)).toEqual([false, true, true]);
  outbox.forgetAnswered(outbox.time + 1);
  expect(outbox.isAnswered('new')).toBe(false);
});

test('openOutbox() brings a file of schema 1 up to date and keeps what waits', () => {
  const old = join(folder, 'old.sqlite');
  const database = new DatabaseSync(old);
  database.exec(readFileSync(new URL('./testing/schema-1.sql', import.meta.url), 'utf8'));
  database.close();
  outbox.close();
  for (let opening = 0; opening < 2; opening++) {
    outbox = openOutbox({ file: old, maxRows: 100 });
    expect([outbox.pending, outbox.deadLetters, outbox.recovery]).toEqual([2, 1, undefined]);
    const except = new Set<number>();
    expect(outbox.take({ announced: true, limit: 9, except })).toMatchObject([{ id: 'b' }]);
    const [c] = outbox.take({ announced: false, limit: 9, except });
    expect(c).toMatchObject({ id: 'c', seq: 3, model: 'press', prediction: '{"id":"c"}' });
    expect([...c.codes]).toEqual([1, 2, 3]);
    outbox.put([message('telemetry', `t${opening}`)]);
    outbox.close();
  }
  const found = new DatabaseSync(old);
  expect(found.prepare('PRAGMA auto_vacuum').get()).toEqual({ auto_vacuum: 2 });
  expect(found.prepare('PRAGMA user_version').get()).toEqual({ user_version: 2 });
  found.close();
  outbox = openOutbox({ file: old, maxRows: 100 });
  outbox.add([row('e')], { announced: false });
  expect(outbox.take({ announced: false, limit: 9, except: new Set() })[1].seq).toBe(5);
});
