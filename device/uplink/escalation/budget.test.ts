import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BudgetLimits, createBudget } from './budget.ts';
import { openEscalationState } from './state-file.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = Date.UTC(2026, 10, 26, 12);

function setUp(limits: BudgetLimits) {
  const state = openEscalationState(':memory:');
  const time = { wall: NOON, clock: 0 };
  const create = () =>
    createBudget({ ...limits, state, now: () => time.wall, clock: () => time.clock });
  let budget = create();
  return {
    time,
    pass(ms: number) {
      time.wall += ms;
      time.clock += ms;
    },
    /** Another process: its clock starts anew. */
    restart() {
      time.clock = 0;
      budget = create();
    },
    rows(kept = false) {
      const allowance = budget.allowance(kept);
      return allowance.kind === 'granted' ? allowance.rows : 0;
    },
    allowance: (kept = false) => budget.allowance(kept),
    send: (rows: number, bodyBytes = 0) =>
      budget.reserve({ rows, codeBytes: 100 }).settle(bodyBytes),
    reserve: (rows: number) => budget.reserve({ rows, codeBytes: 100 }),
  };
}

test('without limits everything may leave', () => {
  const { allowance, send } = setUp({});
  send(1_000_000);
  expect(allowance()).toEqual({ kind: 'granted', rows: Infinity, bytes: Infinity });
});

test('no 60 seconds see more rows than a minute may have', () => {
  const { rows, send, pass, allowance } = setUp({ rowsPerMinute: 100 });
  send(60);
  pass(30_000);
  expect(rows()).toBe(40);
  send(40);
  expect(allowance()).toMatchObject({ kind: 'spent', window: 'minute' });
  pass(29_000);
  expect(rows()).toBe(0);
  pass(2500);
  expect(rows()).toBe(60);
});

test('a spent minute says when it is worth looking again', () => {
  const { allowance, send, pass } = setUp({ rowsPerMinute: 10 });
  send(10);
  const spent = allowance();
  pass(spent.kind === 'spent' ? spent.waitMs : 0);
  expect(allowance()).toMatchObject({ kind: 'granted', rows: 10 });
});

test('a day begins at midnight of its time zone, and rows from before leave half of it', () => {
  const { rows, send, pass, allowance } = setUp({ rowsPerDay: 100, timeZone: 'Asia/Tokyo' });
  expect([rows(false), rows(true)]).toEqual([100, 50]);
  send(50);
  expect([rows(false), rows(true)]).toEqual([50, 0]);
  send(50);
  expect(allowance()).toMatchObject({ kind: 'spent', window: 'day' });
  // 12:00 UTC is 21:00 in Tokyo.
  pass(3 * HOUR - 1);
  expect(rows()).toBe(0);
  pass(1);
  expect(rows()).toBe(100);
});

test('bytes are reserved at their most and settled at what they were', () => {
  const { allowance, reserve } = setUp({ bytesPerDay: 100_000 });
  const receipt = reserve(10);
  const during = allowance();
  receipt.settle(1000);
  const after = allowance();
  expect(during).toMatchObject({ bytes: 100_000 - 1200 - 100 - 10 * 200 });
  expect(after).toMatchObject({ bytes: 100_000 - 1200 - 1000 });
});

test('a restart in the middle of a request counts it in full', () => {
  const { rows, reserve, restart } = setUp({ rowsPerDay: 100, rowsPerMinute: 30 });
  reserve(30);
  restart();
  expect(rows()).toBe(0);
});

test('a clock that is set back gives nothing anew, whether within a process or between two', () => {
  const { rows, send, time, restart, pass } = setUp({ rowsPerDay: 100 });
  send(100);
  time.wall -= 24 * HOUR;
  expect(rows()).toBe(0);
  restart();
  expect(rows()).toBe(0);
  time.wall += 24 * HOUR;
  expect(rows()).toBe(0);
  pass(12 * HOUR);
  expect(rows()).toBe(100);
});

test('a minute is not given anew by a clock that is set back, nor taken for ever', () => {
  const { rows, send, time, pass } = setUp({ rowsPerMinute: 10 });
  send(10);
  time.wall -= HOUR;
  expect(rows()).toBe(0);
  pass(62_000);
  expect(rows()).toBe(10);
});

test('a clock that was years ahead takes the budget away for a day of work, not for years', () => {
  const { rows, send, time, pass, restart } = setUp({ rowsPerDay: 100 });
  time.wall = Date.UTC(2099, 0, 1);
  send(100);
  time.wall = NOON;
  expect(rows()).toBe(0);
  for (let hour = 0; hour < 23; hour++) {
    pass(HOUR);
    expect(rows()).toBe(0);
    if (hour % 5 === 0) restart();
  }
  pass(HOUR);
  expect(rows()).toBe(100);
});

test('whatever the clock does, dates passed and days worked bound what leaves', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('send' as const), rows: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 5 * HOUR }) }),
    fc.record({ kind: fc.constant('back' as const), ms: fc.integer({ min: 0, max: 100 * HOUR }) }),
    fc.record({ kind: fc.constant('restart' as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const { rows, send, time, pass, restart } = setUp({ rowsPerDay: 100 });
      let sent = 0;
      let worked = 0;
      let latest = time.wall;
      const dates = () => Math.floor(latest / (24 * HOUR)) - Math.floor(NOON / (24 * HOUR)) + 1;
      for (const each of steps) {
        if (each.kind === 'pass') {
          pass(each.ms);
          worked += each.ms;
        } else if (each.kind === 'back') time.wall -= each.ms;
        else if (each.kind === 'restart') restart();
        else {
          const granted = Math.min(each.rows, rows());
          if (granted > 0) send(granted);
          sent += granted;
        }
        latest = Math.max(latest, time.wall);
      }
      expect(sent).toBeLessThanOrEqual(100 * (dates() + Math.floor(worked / (24 * HOUR))));
    }),
  );
});
