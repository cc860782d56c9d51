import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@dandan/shared/random';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createCrashDisk } from '../../testing/crash-disk.ts';
import { encodeFrame, readFrames } from './frame.ts';
import { type JournalHandlers, openJournal } from './journal.ts';
import { openJournalFolder } from './journal-folder.ts';
import { decodeRecord, encodeRecord, type JournalRecord, type MessageRecord } from './record.ts';

const T0 = 1_767_225_600_000;

function message(number: number, payload = `${number}`): MessageRecord {
  return {
    kind: 'message',
    broker: number % 2 === 0 ? '' : 'press-shop',
    topic: `telemetry/asset-${number % 3}/温度`,
    payload: Uint8Array.from(Buffer.from(payload)),
    receivedAt: T0 + number + 0.25,
    retained: number % 5 === 0,
    duplicate: number % 7 === 0,
    packetId: number % 65_536,
  };
}

/** A state machine like the gateway's: the sum of numbers and how many there were. */
function createSum(from?: unknown) {
  const state = { sum: 0, count: 0, ...(from as object) };
  const seen: number[] = [];
  const apply = (records: readonly JournalRecord[]) => {
    for (const record of records) {
      if (record.kind !== 'message') continue;
      const number = Number(Buffer.from(record.payload).toString());
      seen.push(number);
      state.sum += number;
      state.count++;
    }
  };
  const problems: string[] = [];
  const handlers: JournalHandlers = {
    apply,
    snapshot: () => ({ ...state }),
    onCheckpoint: () => {},
    onUnwritable: ({ message: text }) => problems.push(text),
    onWritable: () => problems.push('writable'),
  };
  return { state, seen, problems, apply, handlers };
}

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), 'dandan-journal-'));
});
afterEach(() => rm(path, { recursive: true, force: true }));

test('decodeRecord() gives back every kind of record', () => {
  const records = [
    message(3),
    message(10, ''),
    { kind: 'silence', now: T0 + 0.5, bundle: 'ab' },
    { kind: 'clock', now: T0 },
    { kind: 'policy', policy: 'night', maxStage: 1 },
    { kind: 'delivered', ids: ['a/b/1', 'c/ü/2'] },
    { kind: 'snapshot', state: { a: [1, 2.5, null] } },
  ] as const;
  for (const record of records) {
    const [frame] = readFrames(Buffer.concat(encodeFrame(encodeRecord(record))));
    expect(decodeRecord(frame)).toEqual(record);
  }
});

test('readFrames() ends at the first byte that is not what was written', () => {
  const frames = [1, 2, 3].map((n) => Buffer.concat(encodeFrame(encodeRecord(message(n)))));
  const bytes = Buffer.concat(frames);
  for (let position = 0; position < bytes.byteLength; position++) {
    const damaged = Buffer.from(bytes);
    damaged[position] ^= 0x40;
    const sound = frames.findIndex(
      (_, i) => position < frames.slice(0, i + 1).reduce((sum, f) => sum + f.byteLength, 0),
    );
    expect([...readFrames(damaged)]).toHaveLength(sound);
    expect([...readFrames(bytes.subarray(0, position))]).toHaveLength(sound);
  }
});

test('openJournal() finds state and records of an earlier process', async () => {
  const folder = openJournalFolder(path);
  const first = await openJournal({ folder, commitDelayMs: 0 });
  expect(first.recovered).toMatchObject({ state: undefined, records: [], lostBytes: 0 });
  const sum = createSum();
  first.start(sum.handlers);
  const taken: number[] = [];
  for (let i = 1; i <= 5; i++) first.append(message(i), () => taken.push(i));
  expect(sum.seen).toEqual([]);
  await first.flush();
  expect(sum.seen).toEqual([1, 2, 3, 4, 5]);
  expect(taken).toEqual([1, 2, 3, 4, 5]);
  await first.checkpoint();
  first.append(message(6));
  first.markDelivered('x/1');
  first.append({ kind: 'clock', now: T0 });
  await first.close();
  const second = await openJournal({ folder });
  expect(second.recovered.state).toEqual({ sum: 15, count: 5 });
  expect([...second.recovered.records]).toEqual([
    message(6),
    { kind: 'clock', now: T0 },
    { kind: 'delivered', ids: ['x/1'] },
  ]);
  await second.close();
});

test('append() takes messages in groups, one write to the disk each', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const journal = await openJournal({ folder: createCrashDisk(), commitDelayMs: 10 });
    const sum = createSum();
    journal.start(sum.handlers);
    const before = journal.status.commits;
    for (let i = 0; i < 100; i++) journal.append(message(i));
    vi.advanceTimersByTime(9);
    expect(sum.seen).toHaveLength(0);
    vi.advanceTimersByTime(1);
    await vi.waitUntil(() => sum.seen.length === 100);
    expect(journal.status.commits - before).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

test('a full segment gives way to a snapshot: the folder stays small', async () => {
  const disk = createCrashDisk();
  const journal = await openJournal({ folder: disk, commitDelayMs: 0, segmentBytes: 2000 });
  const sum = createSum();
  journal.start(sum.handlers);
  for (let i = 1; i <= 2000; i++) {
    journal.append(message(i));
    if (i % 10 === 0) await journal.flush();
    expect(journal.status.bytes).toBeLessThan(2000 + 2000);
  }
  await journal.close();
  expect(await disk.list()).toHaveLength(1);
  const { recovered } = await openJournal({ folder: disk });
  const again = createSum(recovered.state);
  again.apply([...recovered.records]);
  expect(again.state).toEqual({ sum: 2_001_000, count: 2000 });
  expect(recovered.segment.number).toBeGreaterThan(10);
});

/** Runs a journal until the power fails; returns the numbers it had taken by then. */
async function runUntilCut(disk: ReturnType<typeof createCrashDisk>): Promise<number[]> {
  const taken: number[] = [];
  try {
    const journal = await openJournal({ folder: disk, commitDelayMs: 0, segmentBytes: 300 });
    const sum = createSum(journal.recovered.state);
    sum.apply([...journal.recovered.records]);
    let cut = false;
    journal.start({ ...sum.handlers, onUnwritable: () => (cut = true) });
    for (let i = 1; i <= 40 && !cut; i++) {
      const number = sum.state.count + 1;
      // `onTaken` is called for refused disks, too: only what came before the cut was promised.
      journal.append(message(number), () => !cut && taken.push(number));
      if (i % 3 === 0) journal.markDelivered(`id/${i}`);
      await journal.flush();
    }
  } catch {
    // The power failed while the journal was being opened.
  }
  return taken;
}

test('a power cut at any operation loses nothing that was taken, and makes up nothing', async () => {
  const whole = createCrashDisk();
  await runUntilCut(whole);
  const total = whole.operations;
  expect(total).toBeGreaterThan(60);
  for (let failAt = 1; failAt <= total; failAt++) {
    for (let seed = 1; seed <= 4; seed++) {
      const random = createRandom(1000 * failAt + seed);
      let disk = createCrashDisk();
      let last = 0;
      // Two cuts in a row: the second may come while the first is being recovered from.
      for (const limit of [failAt, 1 + random.below(total)]) {
        disk.failAt = limit;
        last = Math.max(last, ...(await runUntilCut(disk)));
        disk = disk.afterCut(random);
      }
      const { recovered } = await openJournal({ folder: disk });
      const sum = createSum(recovered.state);
      sum.apply([...recovered.records]);
      const { count } = sum.state;
      expect(count).toBeGreaterThanOrEqual(last);
      // Numbers were appended one by one, so at most one more can have reached the disk untold.
      expect(count).toBeLessThanOrEqual(last + 1);
      expect(sum.state.sum).toBe((count * (count + 1)) / 2);
    }
  }
}, 60_000);

test('a full disk stops nothing: messages go on, told once, and a snapshot follows when it can', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: T0 });
  try {
    const disk = createCrashDisk();
    const journal = await openJournal({ folder: disk, commitDelayMs: 0 });
    const sum = createSum();
    journal.start(sum.handlers);
    journal.append(message(1));
    await journal.flush();
    disk.refusal = 'ENOSPC';
    for (let i = 2; i <= 9; i++) {
      journal.append(message(i));
      await journal.flush();
    }
    expect(sum.state).toEqual({ sum: 45, count: 9 });
    expect(sum.problems).toEqual(['ENOSPC']);
    expect(journal.status.writable).toBe(false);
    disk.refusal = undefined;
    vi.setSystemTime(T0 + 10_000);
    journal.append(message(10));
    await journal.flush();
    expect(sum.problems).toEqual(['ENOSPC', 'writable']);
    journal.append(message(11));
    await journal.close();
    const { recovered } = await openJournal({ folder: disk });
    expect(recovered.state).toEqual({ sum: 55, count: 10 });
    expect([...recovered.records]).toEqual([message(11)]);
  } finally {
    vi.useRealTimers();
  }
});

test('a damaged newest segment is told by its size, and the journal begins anew', async () => {
  const disk = createCrashDisk(new Map([['0000000007.journal', new Uint8Array(100).fill(3)]]));
  const { recovered } = await openJournal({ folder: disk });
  expect(recovered).toMatchObject({ state: undefined, records: [], lostBytes: 100 });
  expect(await disk.list()).toEqual(['0000000008.journal']);
});
