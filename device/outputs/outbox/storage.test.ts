import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  MAX_MESSAGE_BYTES,
  MESSAGE_CLASSES,
  type MessageClass,
  type NewMessage,
  type NewRow,
  type WaitingRow,
} from './message.ts';
import { type Outbox, type OutboxOptions, openOutbox } from './outbox.ts';
import { MIN_OUTBOX_BYTES } from './storage-budget.ts';
import { type DiskMeter, startDiskMeter } from './testing/disk-meter.ts';

let folder: string;
let file: string;
let outbox: Outbox;
let meter: DiskMeter;
let monotonic: number;
let counter: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dandan-storage-'));
  file = join(folder, 'outbox.sqlite');
  meter = startDiskMeter(file);
  [monotonic, counter] = [0, 0];
  outbox = open();
});
afterEach(async () => {
  await meter.stop();
  outbox.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(options: Partial<OutboxOptions> = {}): Outbox {
  const clocks = { monotonic: () => monotonic, boot: 'b' };
  return openOutbox({ file, maxRows: 1e6, maxBytes: MIN_OUTBOX_BYTES, ...clocks, ...options });
}

/** Puts `count` of a class; ids are as random as they get, which is the worst for their index. */
function put(kind: MessageClass, count: number, size: number): WaitingRow[] {
  const id = () => `${Math.imul(++counter, 0x9e3779b1) >>> 0}/${counter}`;
  const bytes = () => new Uint8Array(size);
  if (kind === 'escalation') {
    const row = (): NewRow => ({
      id: id(),
      bundle: 'b',
      model: 'm',
      codes: bytes(),
      prediction: '{}',
    });
    return outbox.add(Array.from({ length: count }, row), { announced: true });
  }
  const message = (): NewMessage => ({
    class: kind,
    id: id(),
    destination: 'd',
    payload: bytes(),
  });
  outbox.put(Array.from({ length: count }, message));
  return [];
}
const waiting = () => MESSAGE_CLASSES.map((kind) => outbox.snapshot()[kind].waiting);

test('a full outbox evicts telemetry, then audits, then predictions, then escalations, oldest first', () => {
  for (const kind of MESSAGE_CLASSES) put(kind, 500, 400);
  const seen: string[] = [];
  let lost = 0;
  for (let round = 0; round < 300; round++) {
    lost += put('escalation', 50, 400).length;
    const state = waiting()
      .slice(1)
      .map((count) => (count === 0 ? 'none' : 'some'))
      .join(' ');
    if (seen.at(-1) !== state) seen.push(state);
  }
  expect(seen).toEqual(['some some some', 'some some none', 'some none none', 'none none none']);
  const { escalation, prediction, audit, telemetry } = outbox.snapshot();
  expect([prediction.evicted, audit.evicted, telemetry.evicted]).toEqual([500, 500, 500]);
  expect(escalation.evicted).toBe(lost);
  expect(escalation.waiting).toBe(500 + 300 * 50 - lost);
  // What stayed are the newest.
  const rows = outbox.take({ announced: true, limit: 1e6, except: new Set() });
  expect(rows[0].seq).toBe(lost + 1);
  expect(rows).toHaveLength(escalation.waiting);
});

test('a message never takes the room of a higher class, and the caller gets it back', () => {
  while (outbox.snapshot().prediction.evicted === 0) put('prediction', 64, 1000);
  const before = outbox.snapshot();
  const message = { class: 'telemetry', id: 't', destination: 'd', payload: new Uint8Array(3000) };
  const messages = Array.from({ length: 64 }, (_, i) => ({ ...message, id: `${i}` }) as NewMessage);
  let outcome = outbox.put(messages);
  for (let round = 0; outcome.added > 0 && round < 10; round++) {
    outcome = outbox.put(messages.map((one) => ({ ...one, id: `${round}/${one.id}` })));
  }
  expect(outcome.refused).toHaveLength(64);
  expect(outcome.refused[0]).toMatchObject({ reason: 'no-room', message: { class: 'telemetry' } });
  expect(outbox.snapshot().prediction).toEqual(before.prediction);
  expect(outbox.snapshot().telemetry.refused).toBe(64);
});

test('what has expired leaves first, whatever its class, and is not taken before', () => {
  outbox.close();
  outbox = open({ ttlMs: { prediction: 1000 } });
  put('prediction', 300, 400);
  put('telemetry', 300, 400);
  monotonic = 1001;
  put('prediction', 1, 400);
  expect(outbox.takeMessages({ classes: ['prediction'], limit: 9 })).toHaveLength(1);
  while (outbox.snapshot().prediction.expired === 0) put('audit', 64, 1000);
  const full = outbox.snapshot();
  expect([full.telemetry.evicted, full.audit.evicted]).toEqual([0, 0]);
  expect(outbox.sweep()).toEqual([]);
  expect(outbox.snapshot().prediction).toMatchObject({ expired: 300, evicted: 0, waiting: 1 });
});

test('sweep() hands out escalations that expired', () => {
  outbox.close();
  outbox = open({ ttlMs: { escalation: 1000 } });
  put('escalation', 3, 10);
  monotonic = 1000;
  expect(outbox.sweep()).toHaveLength(3);
  expect(outbox.snapshot().escalation).toMatchObject({ expired: 3, waiting: 0, bytes: 0 });
  expect(outbox.sweep()).toEqual([]);
});

test('the files never have more than their bytes, whatever is put, taken and refused', async () => {
  const size = fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 100_000 }));
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constantFrom(...MESSAGE_CLASSES), count: fc.nat(64), size }),
    },
    { weight: 1, arbitrary: fc.constant('acknowledge' as const) },
    { weight: 1, arbitrary: fc.constant('refuse' as const) },
    { weight: 1, arbitrary: fc.constant('bury' as const) },
    { weight: 1, arbitrary: fc.constant('reopen' as const) },
  );
  const all = fc.sample(step, { numRuns: 300, seed: 7 });
  const run = (one: (typeof all)[number]) => {
    if (typeof one !== 'string') put(one.kind, one.count, one.size);
    else if (one === 'acknowledge') outbox.acknowledge(outbox.takeMessages({ limit: 200 }));
    else if (one === 'refuse') outbox.refuse(outbox.takeMessages({ limit: 50 }), '422');
    else if (one === 'reopen') {
      outbox.close();
      outbox = open();
    } else {
      const rows = outbox.take({ announced: true, limit: 50, except: new Set() });
      outbox.bury(
        rows.map(({ seq }) => seq),
        '422',
      );
    }
  };
  for (const one of all) {
    run(one);
    expect(outbox.snapshot().diskBytes).toBeLessThanOrEqual(MIN_OUTBOX_BYTES);
  }
  expect(meter.looks).toBeGreaterThan(1000);
  expect(meter.most).toBeGreaterThan(MIN_OUTBOX_BYTES / 2);
  expect(meter.most).toBeLessThanOrEqual(MIN_OUTBOX_BYTES);
  const counted = outbox.snapshot();
  outbox.close();
  outbox = open();
  for (const kind of MESSAGE_CLASSES) {
    const { waiting: count, bytes } = outbox.snapshot()[kind];
    expect({ count, bytes }).toEqual({ count: counted[kind].waiting, bytes: counted[kind].bytes });
  }
}, 60_000);

test('the largest messages keep to the bytes of the files, too', () => {
  for (let round = 0; round < 20; round++) {
    put('telemetry', 60, 300);
    put('prediction', 2, MAX_MESSAGE_BYTES - 100);
    put('escalation', 1, MAX_MESSAGE_BYTES - 100);
    expect(outbox.snapshot().diskBytes).toBeLessThanOrEqual(MIN_OUTBOX_BYTES);
  }
  expect(meter.most).toBeLessThanOrEqual(MIN_OUTBOX_BYTES);
  expect(outbox.snapshot().escalation.waiting).toBeGreaterThan(0);
});

test('the file shrinks when what waited has left', () => {
  outbox.close();
  outbox = open({ maxBytes: 16_000_000 });
  while (outbox.snapshot().prediction.evicted === 0) put('prediction', 64, 500);
  const full = outbox.snapshot().diskBytes;
  for (let taken = outbox.takeMessages({ limit: 64 }); taken.length > 0; ) {
    outbox.acknowledge(taken);
    taken = outbox.takeMessages({ limit: 64 });
  }
  outbox.sweep();
  outbox.close();
  outbox = open();
  expect(full).toBeGreaterThan(10_000_000);
  expect(outbox.snapshot().diskBytes).toBeLessThan(1_700_000);
});

test('openOutbox() brings a larger file of an earlier setting within its bytes, lowest class first', () => {
  outbox.close();
  outbox = open({ maxBytes: 40_000_000 });
  put('prediction', 2000, 1000);
  put('telemetry', 10_000, 1000);
  expect(outbox.snapshot().diskBytes).toBeGreaterThan(10_000_000);
  outbox.close();
  outbox = open();
  expect(outbox.snapshot().diskBytes).toBeLessThanOrEqual(MIN_OUTBOX_BYTES);
  const { prediction, telemetry } = outbox.snapshot();
  expect(telemetry.evicted).toBeGreaterThan(5000);
  expect([prediction.waiting, telemetry.waiting]).toEqual([
    telemetry.waiting > 0 ? 2000 : prediction.waiting,
    10_000 - telemetry.evicted,
  ]);
});

test('a message lives for its time to live, however the wall clock is set at every point', () => {
  const YEAR_MS = 365 * 86_400_000;
  const HOUR_MS = 3_600_000;
  const ttlMs = { prediction: 10 * HOUR_MS };
  const jump = fc.constantFrom(-60 * YEAR_MS, -YEAR_MS, -1000, 0, 1000, YEAR_MS, 60 * YEAR_MS);
  const stop = fc.constantFrom('none' as const, 'restart' as const, 'reboot' as const);
  const step = fc.record({ hours: fc.integer({ min: 0, max: 4 }), jump, stop });
  let place = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      let [wall, boot, running, reboots] = [1.7e12, 1, 0, 0];
      monotonic = 0;
      const own = () =>
        openOutbox({
          file: join(folder, `ttl-${place}.sqlite`),
          maxRows: 10,
          maxBytes: MIN_OUTBOX_BYTES,
          ttlMs,
          now: () => wall,
          monotonic: () => monotonic,
          boot: `${boot}`,
        });
      place++;
      let current = own();
      current.put([{ class: 'prediction', id: 'a', destination: 'd', payload: new Uint8Array(1) }]);
      for (const one of steps) {
        wall += one.hours * HOUR_MS + one.jump;
        monotonic += one.hours * HOUR_MS;
        running += one.hours;
        if (one.stop !== 'none') {
          current.close();
          if (one.stop === 'reboot') {
            monotonic = 5;
            boot++;
            reboots++;
            wall += one.jump;
          }
          current = own();
        }
        const lives = current.takeMessages({ limit: 1 }).length === 1;
        // Certainly fresh, and certainly of no more use; a reboot counts as an hour at most between.
        if (running + reboots < 10) expect(lives).toBe(true);
        if (running >= 10) expect(lives).toBe(false);
      }
      current.close();
    }),
    { numRuns: 40 },
  );
}, 60_000);
