import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLineBudget } from './line-budget.ts';
import { createLogger, logFormatOf } from './logger.ts';
import { createRateLimit, MAX_KINDS } from './rate-limit.ts';

test('createLogger() writes one JSON object per event at or above its level', () => {
  const lines: string[] = [];
  const log = createLogger({ level: 'warn', write: (line) => lines.push(line), now: () => 0 });
  log.info('quiet');
  log.warn('loud', { topic: 'a\nb' });
  expect(lines).toHaveLength(1);
  expect(lines[0]).not.toContain('\n');
  expect(JSON.parse(lines[0])).toEqual({
    time: '1970-01-01T00:00:00.000Z',
    level: 'warn',
    event: 'loud',
    topic: 'a\nb',
  });
});

test('createRateLimit() lets one of a kind through per interval and counts the others', () => {
  let time = 0;
  const admit = createRateLimit({ intervalMs: 1000, now: () => time });
  expect([admit('a'), admit('a'), admit('b'), admit('a')]).toEqual([1, 0, 1, 0]);
  time = 1000;
  expect(admit('a')).toBe(3);
});

test('createRateLimit() keeps a bounded number of kinds', () => {
  const admit = createRateLimit({ intervalMs: 1000, now: () => 0 });
  for (let i = 0; i < MAX_KINDS; i++) expect(admit(`kind-${i}`)).toBe(1);
  expect([admit('late-1'), admit('late-2')]).toEqual([1, 0]);
});

test('a storm of one event writes a bounded number of lines, and its count', () => {
  const lines: string[] = [];
  let time = 0;
  const log = createLogger({ write: (line) => lines.push(line), now: () => time });
  for (let i = 0; i < 1_000_000; i++) {
    time = i / 100;
    log.warn('storm', { i });
  }
  log.warn('other');
  expect(lines).toHaveLength(61);
  time = 60_000;
  log.info('other');
  const omitted = { event: 'log-lines-left-out', level: 'warn', of: 'storm', count: 999_940 };
  expect(JSON.parse(lines[61])).toMatchObject(omitted);
  expect(JSON.parse(lines[62])).toMatchObject({ event: 'other' });
  log.warn('storm');
  expect(lines).toHaveLength(64);
  for (let i = 0; i < 60; i++) log.warn('storm');
  log.flush();
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ of: 'storm', count: 1 });
  log.flush();
  expect(lines).toHaveLength(64 + 59 + 1);
});

test('every line is written or counted, whatever the storm', () => {
  const calls = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(90_000)));
  fc.assert(
    fc.property(calls, fc.integer({ min: 1, max: 3 }), (events, linesPerMinute) => {
      const budget = createLineBudget({ linesPerMinute });
      let time = 0;
      let written = 0;
      let omitted = 0;
      for (const [event, later] of events) {
        time += later / 10;
        for (const { count } of budget.expired(time)) omitted += count;
        if (budget.admit(event, time)) written++;
      }
      for (const { count } of budget.expired(Number.POSITIVE_INFINITY)) omitted += count;
      expect(written + omitted).toBe(events.length);
    }),
  );
});

test('a budget tells a bounded number of events apart', () => {
  const budget = createLineBudget({ linesPerMinute: 1 });
  for (let i = 0; i < MAX_KINDS; i++) expect(budget.admit(`event-${i}`, 0)).toBe(true);
  expect([budget.admit('late-1', 0), budget.admit('late-2', 0)]).toEqual([true, false]);
  expect(budget.expired(60_000)).toEqual([{ event: 'others', count: 1 }]);
});

test('times of lines never fall when the clock is set back', () => {
  const times: string[] = [];
  let time = 5000;
  const write = (line: string) => times.push(JSON.parse(line).time);
  const log = createLogger({ write, now: () => time });
  log.info('a');
  time = 1000;
  log.info('b');
  time = 6000;
  log.info('c');
  expect(times.map((text) => Date.parse(text))).toEqual([5000, 5000, 6000]);
});

test('text is one line an event, with journald priorities where asked for', () => {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  const log = createLogger({ format: 'text', journal: true, write, now: () => 0 });
  log.warn('message-refused', { topic: 'a b', value: 'x\ny', count: 2, none: undefined });
  log.error('alert', { code: 'outbox-full', detail: { a: 1 } });
  log.info('plain');
  expect(lines).toEqual([
    '<4>1970-01-01 00:00:00 warn  message-refused topic="a b" value="x\\ny" count=2',
    '<3>1970-01-01 00:00:00 error alert code=outbox-full detail="{\\"a\\":1}"',
    '<6>1970-01-01 00:00:00 info  plain',
  ]);
});

test('the format follows where the log goes, unless it is configured', () => {
  const of = (terminal: boolean, JOURNAL_STREAM?: string, format?: 'json' | 'text') =>
    logFormatOf({ format, terminal, environment: { JOURNAL_STREAM } });
  expect(of(true)).toEqual({ format: 'text', journal: false });
  expect(of(false)).toEqual({ format: 'json', journal: false });
  expect(of(false, '8:1234')).toEqual({ format: 'json', journal: true });
  expect(of(true, '8:1234', 'json')).toEqual({ format: 'json', journal: false });
});
