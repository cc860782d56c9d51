import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_DEAD_LETTERS, type NewRow, type Outbox, openOutbox } from './index.ts';

let folder: string;
let file: string;
const opened: Outbox[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dandan-outbox-'));
  file = join(folder, 'deep', 'outbox.sqlite');
});
afterEach(() => {
  for (const outbox of opened.splice(0)) outbox.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(maxRows = 100, now: () => number = () => 0): Outbox {
  const outbox = openOutbox({ file, maxRows, now });
  opened.push(outbox);
  return outbox;
}

function reopen(): Outbox {
  opened.pop()?.close();
  return open();
}

const row = (id: string): NewRow => ({
  id,
  bundle: 'ab',
  model: 'm',
  codes: new Uint8Array([1, 2]),
  prediction: `{"id":"${id}"}`,
});
const NONE = new Set<number>();
const ids = (rows: readonly { id: string }[]) => rows.map(({ id }) => id).join('');
const all = (outbox: Outbox, announced: boolean) =>
  outbox.take({ announced, limit: 1000, except: NONE });

test('openOutbox() keeps rows in order across a reopening, in a file of its owner only', () => {
  open().add(['c', 'a', 'b'].map(row), { announced: false });
  const outbox = reopen();
  expect(outbox.pending).toBe(3);
  const rows = all(outbox, false);
  expect(ids(rows)).toBe('cab');
  expect(rows[0]).toMatchObject({ bundle: 'ab', model: 'm', prediction: '{"id":"c"}' });
  expect([...rows[0].codes]).toEqual([1, 2]);
  expect(statSync(file).mode & 0o077).toBe(0);
});

test('add() passes over a row that waits already', () => {
  const outbox = open();
  outbox.add([row('a')], { announced: false });
  outbox.add([{ ...row('a'), model: 'other' }, row('b')], { announced: true });
  expect(outbox.pending).toBe(2);
  expect(all(outbox, false)).toMatchObject([{ id: 'a', model: 'm' }]);
});

test('add() evicts the oldest rows beyond the limit and returns them', () => {
  const outbox = open(3);
  outbox.add(['a', 'b'].map(row), { announced: true });
  const evicted = outbox.add(['c', 'd', 'e'].map(row), { announced: false });
  expect(ids(evicted)).toBe('ab');
  expect(outbox.pending).toBe(3);
  expect(ids(all(outbox, false))).toBe('cde');
});

test('take() separates announced rows, passes over the excepted, and knows ages', () => {
  let time = 10;
  const outbox = open(100, () => time);
  outbox.add(['a', 'b', 'c'].map(row), { announced: false });
  time = 20;
  outbox.add([row('d')], { announced: false });
  const [a, b] = all(outbox, false);
  outbox.markAnnounced([b.seq]);
  const take = { announced: false, limit: 2, except: new Set([a.seq]) };
  expect(ids(outbox.take(take))).toBe('cd');
  expect(ids(outbox.take({ ...take, createdUntil: 10 }))).toBe('c');
  expect(ids(all(outbox, true))).toBe('b');
});

test('remove() forgets rows, also such as were evicted meanwhile', () => {
  const outbox = open();
  outbox.add(['a', 'b'].map(row), { announced: false });
  const [a] = all(outbox, false);
  outbox.remove([a.seq]);
  outbox.remove([a.seq]);
  expect(outbox.pending).toBe(1);
  expect(reopen().pending).toBe(1);
});

test('bury() moves rows to the dead letters with the reason, which survive a reopening', () => {
  const outbox = open();
  outbox.add(['a', 'b'].map(row), { announced: true });
  outbox.bury([all(outbox, true)[0].seq], '422 rows-malformed');
  expect([outbox.pending, outbox.deadLetters]).toEqual([1, 1]);
  expect(reopen().deadLetters).toBe(1);
  opened.pop()?.close();
  const database = new DatabaseSync(file);
  expect(database.prepare('SELECT id, reason FROM dead_letter').all()).toEqual([
    { id: 'a', reason: '422 rows-malformed' },
  ]);
  database.close();
});

test('bury() keeps a bounded number of dead letters', () => {
  const outbox = open(MAX_DEAD_LETTERS + 2);
  outbox.add(
    Array.from({ length: MAX_DEAD_LETTERS + 2 }, (_, i) => row(`${i}`)),
    { announced: true },
  );
  const rows = outbox.take({ announced: true, limit: MAX_DEAD_LETTERS + 2, except: NONE });
  outbox.bury(
    rows.map(({ seq }) => seq),
    'x',
  );
  expect([outbox.pending, outbox.deadLetters]).toEqual([0, MAX_DEAD_LETTERS]);
});

test('openOutbox() refuses a file in use, a newer one and an impossible place', () => {
  open();
  const refusal = expect.objectContaining({ code: 'outbox-unusable', field: 'outbox.file' });
  expect(() => openOutbox({ file, maxRows: 1 })).toThrow(refusal);
  const newer = join(folder, 'newer.sqlite');
  const database = new DatabaseSync(newer);
  database.exec('PRAGMA user_version = 99');
  database.close();
  expect(() => openOutbox({ file: newer, maxRows: 1 })).toThrow(refusal);
  expect(() => openOutbox({ file: join(newer, 'x.sqlite'), maxRows: 1 })).toThrow(refusal);
});
