import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyDocumentSchema } from '@dandan/shared/policy';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLogger } from '../../log/index.ts';
import { createPolicyWatch, type PolicySetting, readOverride, writeOverride } from './index.ts';

const HOUR = 3_600_000;
/** 2026-11-26 21:59:00 in Tokyo. */
const EVENING = Date.parse('2026-11-26T12:59:00Z');
const NIGHTS = policyDocumentSchema.parse({
  schema: 1,
  timeZone: 'Asia/Tokyo',
  rules: [
    {
      days: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
      from: '22:00',
      to: '06:00',
      policy: 'night',
    },
  ],
});
const loaded = (measure: string, at: number) =>
  policyDocumentSchema.parse({
    schema: 1,
    timeZone: 'Asia/Tokyo',
    load: { measure, steps: [{ at, release: at / 2, maxStage: 1 }] },
  });

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dandan-policy-'));
  file = join(folder, 'override.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function setUp(configured: PolicySetting, more: { withOverride?: boolean } = {}) {
  const world = { wall: EVENING, steady: 0, queue: 0, cpu: { process: 0, busy: 0, total: 0 } };
  const lines: Record<string, unknown>[] = [];
  const watch = createPolicyWatch({
    configured,
    overrideFile: more.withOverride === false ? undefined : file,
    queueDepth: () => world.queue,
    cpuTimes: () => ({ ...world.cpu }),
    log: createLogger({ level: 'debug', write: (line) => lines.push(JSON.parse(line)) }),
    now: () => world.wall,
    steady: () => world.steady,
  });
  /** Time passes, with a check a second. */
  function pass(ms: number, busy = 0) {
    for (let left = ms; left > 0; left -= 1000) {
      const step = Math.min(1000, left);
      world.wall += step;
      world.steady += step;
      world.cpu.process += (step / 1000) * busy;
      world.cpu.total += (step / 1000) * 4;
      watch.check();
    }
  }
  const events = () => lines.map(({ event }) => event);
  return { world, watch, pass, lines, events };
}

test('a named policy holds for good', () => {
  const { watch, pass } = setUp('night');
  expect(watch.current()).toEqual({
    policy: 'night',
    source: 'config',
    reason: 'night as configured',
  });
  const before = watch.current();
  pass(3000);
  expect(watch.current()).toBe(before);
});

test('a document changes the policy at its time, with a line that says why', () => {
  const { watch, pass, lines } = setUp(NIGHTS);
  expect(watch.current()).toMatchObject({ policy: 'day', source: 'config' });
  pass(59_000);
  expect(watch.current().policy).toBe('day');
  pass(1000);
  expect(watch.current().policy).toBe('night');
  expect(lines).toMatchObject([{ event: 'policy-changed', from: 'day', policy: 'night' }]);
  expect(lines[0].reason).toMatch(/22:00/);
  expect(watch.snapshot()).toMatchObject({ changes: 1, dayMs: 60_000, nightMs: 0 });
});

test('a clock that is set, ahead or back, is noticed by the next check', () => {
  const { watch, pass, world, events } = setUp(NIGHTS);
  world.wall += 2 * HOUR;
  pass(1000);
  expect(watch.current().policy).toBe('night');
  world.wall -= 2 * HOUR;
  pass(1000);
  expect(watch.current().policy).toBe('day');
  expect(events().filter((event) => event === 'clock-jumped')).toHaveLength(2);
  expect(watch.snapshot()).toMatchObject({ clockJumps: 2, changes: 2 });
});

test('an hour that a zone skips or repeats is as its calendar has it', () => {
  const rule = { days: ['sun'], from: '02:00', to: '03:00', policy: 'night' };
  const document = { schema: 1, timeZone: 'Europe/Berlin', rules: [rule] };
  const { watch, world } = setUp(policyDocumentSchema.parse(document));
  const policyAt = (text: string) => {
    world.wall = Date.parse(text);
    watch.check();
    return watch.current().policy;
  };
  // 02:00 to 03:00 does not exist on 2027-03-28, and comes twice on 2027-10-31.
  expect(policyAt('2027-03-28T00:59:59Z')).toBe('day');
  expect(policyAt('2027-03-28T01:00:01Z')).toBe('day');
  expect(policyAt('2027-10-31T00:30:00Z')).toBe('night');
  expect(policyAt('2027-10-31T01:30:00Z')).toBe('night');
  expect(policyAt('2027-10-31T02:00:00Z')).toBe('day');
});

test('the timer is armed for the change, and never for longer than a second', async () => {
  vi.useFakeTimers({ now: EVENING + 59_700 });
  try {
    const watch = createPolicyWatch({
      configured: NIGHTS,
      queueDepth: () => 0,
      log: createLogger({ write: () => {} }),
    });
    watch.start();
    watch.start();
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(299);
    expect(watch.current().policy).toBe('day');
    vi.advanceTimersByTime(1);
    expect(watch.current().policy).toBe('night');
    vi.setSystemTime(EVENING);
    vi.advanceTimersByTime(1000);
    expect(watch.current().policy).toBe('day');
    watch.stop();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('a queue steps down at its depth and up again below the release', () => {
  const { watch, world, pass } = setUp(loaded('queue-depth', 1000));
  expect(watch.current().maxStage).toBeUndefined();
  world.queue = 2000;
  pass(5000);
  expect(watch.current().maxStage).toBeUndefined();
  pass(3000);
  expect(watch.current()).toMatchObject({ policy: 'day', maxStage: 1 });
  expect(watch.current().reason).toContain('queue depth');
  world.queue = 700;
  pass(60_000);
  expect(watch.current().maxStage).toBe(1);
  world.queue = 0;
  pass(20_000);
  expect(watch.current().maxStage).toBeUndefined();
  expect(watch.snapshot().cappedMs).toBeGreaterThan(60_000);
});

test('a start before a full outbox steps down at once', () => {
  const { watch, world } = setUp('day', { withOverride: false });
  world.queue = 5000;
  const late = createPolicyWatch({
    configured: loaded('queue-depth', 1000),
    queueDepth: () => world.queue,
    log: createLogger({ write: () => {} }),
  });
  expect(late.current().maxStage).toBe(1);
  expect(watch.current().maxStage).toBeUndefined();
});

test('one busy thread is a full gateway on four cores; a burst of a second is none', () => {
  const { watch, pass } = setUp(loaded('cpu-share', 0.8));
  pass(1000, 0);
  pass(1000, 1);
  expect(watch.current().maxStage).toBeUndefined();
  pass(30_000, 1);
  expect(watch.current().maxStage).toBe(1);
  pass(30_000, 0.1);
  expect(watch.current().maxStage).toBeUndefined();
});

test('rows a second are counted as they are answered, by policy', () => {
  const { watch, pass } = setUp(loaded('rows-per-second', 100));
  for (let second = 0; second < 30; second++) {
    watch.addRows(200);
    pass(1000);
  }
  expect(watch.current().maxStage).toBe(1);
  const { dayRows, nightRows, cappedRows } = watch.snapshot();
  expect([dayRows, nightRows]).toEqual([6000, 0]);
  expect(cappedRows).toBeGreaterThan(4000);
});

test('a measure that a gateway has not is told once and takes no step', () => {
  const { watch, pass, events } = setUp(loaded('requests-per-second', 1));
  pass(5000);
  expect(watch.current().maxStage).toBeUndefined();
  expect(events()).toEqual(['policy-load-not-measured']);
});

test('override before remote before configuration, and back when each is gone', () => {
  const { watch, world, pass } = setUp('day');
  watch.setRemote('night');
  expect(watch.current()).toMatchObject({ policy: 'night', source: 'remote' });
  writeOverride(file, { policy: 'day', since: world.wall, until: world.wall + 5000, note: 'test' });
  pass(1000);
  expect(watch.current()).toMatchObject({ source: 'override', policy: 'day' });
  expect(watch.current().reason).toContain('(test)');
  pass(5000);
  expect(watch.current()).toMatchObject({ policy: 'night', source: 'remote' });
  watch.setRemote(undefined);
  expect(watch.current()).toMatchObject({ policy: 'day', source: 'config' });
  expect(watch.snapshot().overriddenMs).toBe(4000);
});

test('caps hold under a policy that is only named', () => {
  const { watch, world, pass } = setUp(loaded('queue-depth', 10));
  world.queue = 1000;
  watch.setRemote('night');
  pass(5000);
  expect(watch.current()).toMatchObject({ policy: 'night', maxStage: 1, source: 'remote' });
  writeOverride(file, { policy: 'day', since: world.wall, until: world.wall + HOUR });
  pass(1000);
  expect(watch.current()).toMatchObject({ policy: 'day', maxStage: 1, source: 'override' });
  watch.setRemote(NIGHTS);
  expect(watch.current()).toMatchObject({ policy: 'day', source: 'override' });
  expect(watch.current().maxStage).toBeUndefined();
});

test('a clock that is set back makes no override longer', () => {
  const { watch, world, pass } = setUp('day');
  writeOverride(file, { policy: 'night', since: world.wall, until: world.wall + 10_000 });
  pass(5000);
  expect(watch.current().source).toBe('override');
  world.wall -= 4000;
  pass(4000);
  expect(watch.current().source).toBe('override');
  pass(2000);
  expect(watch.current().source).toBe('config');
});

test.each([
  ['cut', '{"policy"'],
  ['of an unknown policy', JSON.stringify({ policy: 'dusk', since: 1, until: 2 })],
  ['for ever', JSON.stringify({ policy: 'night', since: 0, until: 8e15 })],
  ['over before it begins', JSON.stringify({ policy: 'night', since: 2, until: 1 })],
])('an override that is %s is told once and does nothing', (_, text) => {
  writeFileSync(file, text);
  const { watch, pass, events } = setUp('day');
  pass(3000);
  expect(watch.current().source).toBe('config');
  expect(events()).toEqual(['policy-override-refused']);
  expect(watch.snapshot().overridesRefused).toBe(1);
});

test('an override of a clock that has lost its battery since is not in force', () => {
  const { watch, world, pass } = setUp('day');
  writeOverride(file, { policy: 'night', since: world.wall, until: world.wall + HOUR });
  world.wall = 0;
  pass(1000);
  expect(watch.current().source).toBe('config');
});

test('whatever happens, the policy in force is one that somebody asked for', () => {
  const word = fc.constantFrom<PolicySetting | undefined>('day', 'night', NIGHTS, undefined);
  const event = fc.oneof(
    fc.record({ kind: fc.constant('remote' as const), word }),
    fc.record({ kind: fc.constant('jump' as const), ms: fc.integer({ min: -1e9, max: 1e9 }) }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 5000 }) }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 20 }), (events) => {
      const { watch, world, pass } = setUp('day', { withOverride: false });
      let remote: PolicySetting | undefined;
      let time = 0;
      for (const each of events) {
        if (each.kind === 'remote') {
          remote = each.word;
          watch.setRemote(remote);
        } else if (each.kind === 'jump') world.wall += each.ms;
        else {
          pass(each.ms);
          time += each.ms;
        }
      }
      pass(1);
      const { policy, source } = watch.current();
      expect(source).toBe(remote === undefined ? 'config' : 'remote');
      if (typeof remote === 'string') expect(policy).toBe(remote);
      const { dayMs, nightMs } = watch.snapshot();
      expect(dayMs + nightMs).toBe(time + 1);
    }),
    { numRuns: 60 },
  );
});

test('readOverride() gives back what was written', () => {
  expect(readOverride(file)).toEqual({ kind: 'none' });
  const override = { policy: 'night', since: 1, until: 2 } as const;
  writeOverride(file, override);
  expect(readOverride(file)).toEqual({ kind: 'override', override });
});
