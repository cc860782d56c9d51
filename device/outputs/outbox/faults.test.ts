// Disks that are full, read-only, damaged or shared. Full: a tmpfs where this process may mount one
// (root), and a limit on the size of files (RLIMIT_FSIZE) everywhere. Read-only while running: the
// files are made immutable (chattr +i), which, unlike their rights, holds for open files and for root.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Outbox, openOutbox } from './outbox.ts';
import { mountSmallDisk, setImmutable } from './testing/small-disk.ts';

let folder: string;
let file: string;
let outbox: Outbox | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dandan-faults-'));
  file = join(folder, 'outbox.sqlite');
});
afterEach(() => {
  outbox?.close();
  outbox = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function open(place = file): Outbox {
  outbox = openOutbox({ file: place, maxRows: 1e6 });
  return outbox;
}
let counter = 0;
const put = (to: Outbox, count: number, size = 1000) =>
  to.put(
    Array.from({ length: count }, () => ({
      class: 'prediction' as const,
      id: `m${counter++}`,
      destination: 't',
      payload: Buffer.alloc(size),
    })),
  );
const addRows = (to: Outbox, count: number) =>
  to.add(
    Array.from({ length: count }, () => ({
      id: `e${counter++}`,
      bundle: 'b',
      model: 'm',
      codes: Buffer.alloc(60),
      prediction: '{}',
    })),
    { announced: false },
  );
const waiting = (of: Outbox) => of.takeMessages({ limit: 1e6 }).length;
const asides = () => readdirSync(folder).filter((name) => /\.corrupt-\d+$/.test(name));
const unusable = expect.objectContaining({ code: 'outbox-unusable', field: 'outbox.file' });

test('a full disk refuses what comes, keeps what was accepted, and is forgotten when there is room', ({
  skip,
}) => {
  const disk = mountSmallDisk(12);
  skip(disk === undefined, 'only root may mount a small disk');
  if (disk === undefined) return;
  try {
    const own = open(join(disk.folder, 'outbox.sqlite'));
    put(own, 500);
    addRows(own, 10);
    disk.fill();
    let accepted = 500;
    let outcome = put(own, 64);
    for (let round = 0; outcome.refused.length === 0 && round < 100; round++) {
      accepted += outcome.added;
      outcome = put(own, 64);
    }
    expect(outcome).toMatchObject({ added: 0, refused: { length: 64 } });
    expect(outcome.refused[0].reason).toBe('disk-full');
    expect(() => addRows(own, 64)).toThrow(expect.objectContaining({ reason: 'disk-full' }));
    expect(own.snapshot().prediction).toMatchObject({ waiting: accepted, refused: 64 });
    expect([waiting(own), own.pending]).toEqual([accepted, 10]);
    disk.empty();
    expect(put(own, 64).added).toBe(64);
    addRows(own, 1);
    own.close();
    const again = open(join(disk.folder, 'outbox.sqlite'));
    expect([waiting(again), again.pending, again.recovery]).toEqual([accepted + 64, 11, undefined]);
    // At the start as well: nothing to be written is no reason not to start with what is there.
    again.close();
    outbox = undefined;
    disk.fill();
    const full = open(join(disk.folder, 'outbox.sqlite'));
    expect(waiting(full)).toBe(accepted + 64);
    full.close();
    outbox = undefined;
  } finally {
    outbox?.close();
    outbox = undefined;
    disk.dispose();
  }
});

test('files that may not grow refuse what comes and keep what was accepted', () => {
  const script = fileURLToPath(new URL('./testing/limited-writer.ts', import.meta.url));
  // 6,000 blocks of 512 bytes: 3 MB; the signal of the limit is ignored, so that writes fail instead.
  const { stdout } = spawnSync(
    'sh',
    ['-c', `trap '' XFSZ; ulimit -f 6000; exec "$0" "$1" "$2"`, process.execPath, script, file],
    { encoding: 'utf8' },
  );
  const said = JSON.parse(stdout) as { added: number; waiting: number; reason: string };
  expect(said.reason).toMatch(/disk-full|unwritable/);
  expect(said.added).toBeGreaterThan(1000);
  expect(said.waiting).toBe(said.added);
  const own = open();
  expect([waiting(own), own.recovery]).toEqual([said.added, undefined]);
  expect(put(own, 64).added).toBe(64);
});

test('a file made read-only while running refuses what comes, and takes it when it may be written again', ({
  skip,
}) => {
  const own = open();
  put(own, 100);
  const files = [file, `${file}-wal`];
  const immutable = setImmutable(files, true);
  skip(!immutable, 'only root may make files immutable, and not on every file system');
  try {
    expect(put(own, 10).refused[0]).toMatchObject({ reason: 'unwritable' });
    const [first] = own.takeMessages({ limit: 1 });
    expect(() => own.acknowledge([first])).toThrow(
      expect.objectContaining({ reason: 'unwritable' }),
    );
    expect(() => own.sweep()).toThrow(expect.objectContaining({ reason: 'unwritable' }));
    expect([waiting(own), own.snapshot().prediction.refused]).toEqual([100, 10]);
  } finally {
    setImmutable(files, false);
  }
  expect(put(own, 10).added).toBe(10);
  own.close();
  expect(waiting(open())).toBe(110);
});

test('a place that takes no writes at the start is told as such', ({ skip }) => {
  const disk = mountSmallDisk(8);
  skip(disk === undefined, 'only root may mount a disk to make read-only');
  if (disk === undefined) return;
  try {
    const place = join(disk.folder, 'outbox.sqlite');
    open(place).close();
    outbox = undefined;
    expect(disk.setReadOnly()).toBe(true);
    expect(() => open(place)).toThrow(unusable);
    expect(() => open(place)).toThrow(
      expect.objectContaining({ allowed: expect.stringContaining('writable') }),
    );
  } finally {
    disk.dispose();
  }
});

test('a file that is no database is moved aside and the gateway starts with an empty one', () => {
  writeFileSync(file, 'this is no database, whatever its name says '.repeat(100));
  const own = openOutbox({ file, maxRows: 1, now: () => 1234 });
  outbox = own;
  expect(own.recovery).toEqual({
    movedTo: `${file}.corrupt-1234`,
    salvaged: 0,
    reason: expect.stringContaining('not a database'),
  });
  expect(readFileSync(`${file}.corrupt-1234`, 'utf8')).toMatch(/^this is no database/);
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(put(own, 1).added).toBe(1);
  own.close();
  expect(open().recovery).toBeUndefined();
});

/** A file with 2,000 predictions and 500 escalations, closed, and its size. */
function writeFull(): number {
  const own = open();
  put(own, 2000, 300);
  addRows(own, 500);
  own.close();
  outbox = undefined;
  return statSync(file).size;
}

test.each([
  ['in its middle', (size: number) => [Math.floor(size / 2 / 4096) * 4096, 3 * 4096]],
  ['at its end', (size: number) => [size - 20 * 4096, 20 * 4096]],
  [
    'in five places',
    (size: number) =>
      [0.1, 0.3, 0.5, 0.7, 0.9].flatMap((part) => [Math.floor((size * part) / 4096) * 4096, 4096]),
  ],
])('a file damaged %s is replaced by one with what could be read', (_, places) => {
  const size = writeFull();
  const descriptor = openSync(file, 'r+');
  const spots = places(size);
  for (let i = 0; i < spots.length; i += 2) {
    writeSync(descriptor, Buffer.alloc(spots[i + 1], 0xa5), 0, spots[i + 1], spots[i]);
  }
  const own = open();
  expect(own.recovery).toMatchObject({ movedTo: expect.stringMatching(/\.corrupt-\d+$/) });
  const rows = own.take({ announced: false, limit: 1e6, except: new Set() });
  const found = waiting(own) + rows.length;
  expect(own.recovery?.salvaged).toBeGreaterThanOrEqual(found);
  expect(found).toBeGreaterThan(1500);
  expect(found).toBeLessThanOrEqual(2500);
  expect(asides()).toHaveLength(1);
  expect(put(own, 10).added).toBe(10);
});

test('a database of somebody else, and one whose tables are gone, are moved aside', () => {
  for (const statements of ['PRAGMA user_version = 2', 'CREATE TABLE waiting (x)']) {
    rmSync(file, { force: true });
    const database = new DatabaseSync(file);
    database.exec(statements);
    database.close();
    const own = open();
    expect(own.recovery).toMatchObject({ salvaged: 0 });
    expect(put(own, 1).added).toBe(1);
    own.close();
    outbox = undefined;
  }
});

test('a flipped bit in a time neither stops the start nor the clock', () => {
  const own = open();
  put(own, 3);
  const { time } = own;
  own.close();
  const database = new DatabaseSync(file);
  database.exec(`UPDATE prediction SET added = 1 << 60, created = 1 << 61 WHERE seq = 3`);
  database.close();
  const again = open();
  expect(again.time).toBeLessThan(time + 120_000);
  expect(waiting(again)).toBe(3);
});

test('a file cut short is replaced, and of several damaged files only the newest stays', () => {
  for (let round = 0; round < 3; round++) {
    truncateSync(file, Math.floor(writeFull() * 0.6));
    const own = openOutbox({ file, maxRows: 1e6, now: () => 1000 + round });
    outbox = own;
    expect(own.recovery?.movedTo).toBe(`${file}.corrupt-${1000 + round}`);
    expect(waiting(own)).toBeGreaterThan(500);
    own.close();
    rmSync(file);
  }
  outbox = undefined;
  expect(asides()).toEqual(['outbox.sqlite.corrupt-1002']);
  expect(existsSync(`${file}.corrupt-1000`)).toBe(false);
});

test('a power cut while a damaged file is replaced costs nothing: it starts over, or goes on', () => {
  truncateSync(file, Math.floor(writeFull() * 0.6));
  // Cut while the new file was written: what is there of it is thrown away.
  writeFileSync(`${file}.mending`, 'half a file');
  const first = open();
  const found = waiting(first);
  expect(found).toBeGreaterThan(500);
  first.close();
  // Cut after the damaged file was moved: the new one takes its place.
  renameSync(file, `${file}.mending`);
  const second = open();
  expect([waiting(second), second.recovery]).toEqual([found, undefined]);
  expect(existsSync(`${file}.mending`)).toBe(false);
});

test('a second process on the file is refused, and the first goes on', () => {
  const own = open();
  put(own, 1);
  const program = `import { openOutbox } from ${JSON.stringify(new URL('./outbox.ts', import.meta.url).href)};
    try { openOutbox({ file: ${JSON.stringify(file)}, maxRows: 1 }); }
    catch ({ code, allowed }) { process.stdout.write(JSON.stringify({ code, allowed })); }`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect(JSON.parse(said)).toEqual({
    code: 'outbox-unusable',
    allowed: 'a file that no other gateway uses',
  });
  expect(put(own, 1).added).toBe(1);
  expect(asides()).toEqual([]);
});
