// What a power cut may leave on disk, and that the outbox opens from it with all it had accepted.
//
// After every accepted change the files are copied: SQLite has fsynced by then, so this is what the disk
// holds for sure. A cut during the next change leaves, of each 512-byte sector that this change writes,
// the old bytes, the new ones or garbage, in any mixture, and the file at any length between. SQLite
// writes in two phases with an fsync between them, and only the phase under way can be torn: first the
// log; then, where a checkpoint follows, the database, while the log is whole.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom, type Random } from '@dandan/shared/random';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openOutbox } from './outbox.ts';

const SECTOR = 512;

/** Some 400 pages of log, so that three checkpoints and restarts of the log are among them. */
const CHANGES = 160;

interface DiskState {
  readonly database: Buffer;
  readonly log: Buffer;
  /** Ids accepted and still to be kept, by now. */
  readonly kept: ReadonlySet<string>;
}

let folder: string;
const states: DiskState[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dandan-power-'));
  const file = join(folder, 'outbox.sqlite');
  const outbox = openOutbox({ file, maxRows: 1e6, boot: 'b', monotonic: () => 0 });
  const kept = new Set<string>();
  const copy = () =>
    states.push({
      database: readFileSync(file),
      log: existsSync(`${file}-wal`) ? readFileSync(`${file}-wal`) : Buffer.alloc(0),
      kept: new Set(kept),
    });
  copy();
  for (let i = 0; i < CHANGES; i++) {
    if (i % 8 === 7) {
      const oldest = outbox.takeMessages({ limit: 10 });
      outbox.acknowledge(oldest);
      for (const { id } of oldest) kept.delete(id);
    } else {
      const ids = [`${i}-a`, `${i}-b`, `${i}-c`];
      outbox.put(
        ids.map((id) => ({
          class: 'prediction',
          id,
          destination: 't',
          payload: Buffer.alloc(1500, i),
        })),
      );
      for (const id of ids) kept.add(id);
    }
    copy();
  }
  outbox.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The file between `old` and `young`, torn in its sectors. */
function tear(old: Buffer, young: Buffer, random: Random): Buffer {
  const longest = Math.max(old.length, young.length);
  const torn = Buffer.alloc(longest);
  // One cut in three is clean up to a point, as of a disk that writes in order.
  const inOrder = random.next() < 1 / 3 ? Math.floor(random.next() * longest) : undefined;
  for (let at = 0; at < longest; at += SECTOR) {
    const before = old.subarray(at, at + SECTOR);
    const after = young.subarray(at, at + SECTOR);
    if (before.equals(after)) before.copy(torn, at);
    else if (inOrder !== undefined) (at < inOrder ? after : before).copy(torn, at);
    else {
      const draw = random.next();
      if (draw < 0.35) before.copy(torn, at);
      else if (draw < 0.7) after.copy(torn, at);
      else for (let i = 0; i < after.length; i++) torn[at + i] = Math.floor(random.next() * 256);
    }
  }
  const shortest = Math.min(old.length, young.length);
  return torn.subarray(0, shortest + Math.floor(random.next() * (longest - shortest + 1)));
}

/** Opens what a cut left; returns the ids that are there. */
function reopen(database: Buffer, log: Buffer): { ids: Set<string>; mended: boolean } {
  const place = join(folder, 'after');
  mkdirSync(place, { recursive: true });
  const file = join(place, 'outbox.sqlite');
  writeFileSync(file, database);
  writeFileSync(`${file}-wal`, log);
  try {
    const outbox = openOutbox({ file, maxRows: 1e6 });
    const ids = new Set(outbox.takeMessages({ limit: 1e6 }).map(({ id }) => id));
    const { recovery } = outbox;
    outbox.close();
    return { ids, mended: recovery !== undefined };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

const sorted = (ids: Iterable<string>) => [...ids].toSorted();

test('the outbox opens after a cut in any change, whole: as before the change or as after it', () => {
  const random = createRandom(11);
  let [torn, checkpoints, asAfter] = [0, 0, 0];
  for (let i = 1; i < states.length; i++) {
    const [before, after] = [states[i - 1], states[i]];
    const cuts = [{ database: before.database, log: tear(before.log, after.log, random) }];
    if (!before.database.equals(after.database)) {
      checkpoints++;
      for (let round = 0; round < 10; round++) {
        cuts.push({ database: tear(before.database, after.database, random), log: after.log });
      }
    }
    for (const { database, log } of cuts) {
      torn++;
      const { ids, mended } = reopen(database, log);
      expect(mended, `change ${i}`).toBe(false);
      const isAfter = ids.size === after.kept.size && [...after.kept].every((id) => ids.has(id));
      if (isAfter) asAfter++;
      else expect(sorted(ids), `change ${i}`).toEqual(sorted(before.kept));
    }
  }
  // The test has seen what it is about: checkpoints, and cuts on both sides of a commit.
  expect(checkpoints).toBeGreaterThanOrEqual(2);
  expect(asAfter).toBeGreaterThan(10);
  expect(torn - asAfter).toBeGreaterThan(10);
}, 120_000);

test('the tail of the log, cut or altered anywhere beyond the last fsync, costs nothing accepted', () => {
  const random = createRandom(5);
  for (let i = 1; i < states.length; i += 3) {
    const { database, log, kept } = states[i];
    const tail = Buffer.alloc(1 + Math.floor(random.next() * 20_000));
    for (let at = 0; at < tail.length; at++) tail[at] = Math.floor(random.next() * 256);
    const { ids, mended } = reopen(database, Buffer.concat([log, tail]));
    expect([sorted(ids), mended]).toEqual([sorted(kept), false]);
  }
}, 60_000);

test('the simulation can fail: what was fsynced and is taken away is missed', () => {
  const state = states.findLast(
    ({ log }, i) => i > 0 && log.length > states[i - 1].log.length,
  ) as DiskState;
  const { ids } = reopen(state.database, state.log.subarray(0, state.log.length - 5000));
  expect(ids.size).toBeLessThan(state.kept.size);
});
