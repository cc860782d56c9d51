import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBackoff } from '../../retry/index.ts';
import { type BreakerOptions, createBreaker } from './breaker.ts';

function create(options: BreakerOptions = {}) {
  const time = { now: 0 };
  const backoff = createBackoff({ minMs: 100, maxMs: 1600, random: () => 1 });
  const breaker = createBreaker({ ...options, backoff, clock: () => time.now });
  const fail = (retryAfterMs = 0, fatal = false) => {
    breaker.begin();
    breaker.fail({ retryAfterMs, fatal });
  };
  const succeed = () => {
    breaker.begin();
    breaker.succeed();
  };
  return { breaker, time, fail, succeed };
}

test('a breaker opens after so many failures in a row, with growing pauses', () => {
  const { breaker, time, fail } = create({ failures: 3 });
  fail();
  expect(breaker).toMatchObject({ waitMs: 100, probing: false });
  time.now += breaker.waitMs;
  fail();
  expect(breaker).toMatchObject({ waitMs: 200, probing: false });
  time.now += breaker.waitMs;
  fail();
  expect(breaker).toMatchObject({ waitMs: 400, probing: true, state: { kind: 'open' } });
});

test('an open breaker lets one probe through, which closes it or opens it for longer', () => {
  const { breaker, time, fail, succeed } = create({ failures: 1 });
  fail();
  time.now += breaker.waitMs;
  expect(breaker).toMatchObject({ waitMs: 0, probing: true });
  breaker.begin();
  expect(breaker).toMatchObject({ waitMs: Infinity, state: { kind: 'half-open' } });
  breaker.fail({ retryAfterMs: 0, fatal: false });
  expect(breaker).toMatchObject({ waitMs: 200, state: { kind: 'open' } });
  time.now += breaker.waitMs;
  succeed();
  expect(breaker).toMatchObject({ waitMs: 0, probing: false, state: { kind: 'closed' } });
  fail();
  expect(breaker.waitMs).toBe(100);
});

test('a breaker opens when a share of its window failed, though never in a row', () => {
  const { breaker, fail, succeed } = create({ failures: 3, windowRequests: 4, failureShare: 0.5 });
  fail();
  succeed();
  fail();
  expect(breaker.state.kind).toBe('closed');
  succeed();
  fail();
  expect(breaker.state.kind).toBe('open');
});

test('one failure that only a person can cure opens it; a request for later does not', () => {
  const fatal = create();
  fatal.fail(0, true);
  expect(fatal.breaker.state.kind).toBe('open');
  const { breaker, succeed } = create({ failures: 1 });
  breaker.throttle(7000);
  expect(breaker).toMatchObject({ waitMs: 7000, probing: false });
  breaker.throttle(24 * 60 * 60_000);
  expect(breaker.waitMs).toBe(10 * 60_000);
  succeed();
  expect(breaker.waitMs).toBe(0);
});

test('a probe without an outcome may be made again at once', () => {
  const { breaker, time, fail } = create({ failures: 1 });
  fail();
  time.now += breaker.waitMs;
  breaker.begin();
  breaker.abandon();
  expect(breaker).toMatchObject({ waitMs: 0, probing: true });
});

test('whatever happens, a breaker comes back: it waits for a probe or at most ten minutes', () => {
  const event = fc.oneof(
    fc.record({ kind: fc.constant('fail' as const), retryAfterMs: fc.nat(), fatal: fc.boolean() }),
    fc.record({ kind: fc.constant('throttle' as const), retryAfterMs: fc.nat() }),
    fc.record({ kind: fc.constantFrom('succeed' as const, 'abandon' as const) }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const { breaker, time } = create({ failures: 2, windowRequests: 5 });
      for (const each of events) {
        time.now += breaker.waitMs;
        expect(breaker.waitMs).toBe(0);
        const wasOpen = breaker.state.kind === 'open';
        breaker.begin();
        expect(breaker.state.kind).toBe(wasOpen ? 'half-open' : 'closed');
        if (each.kind === 'fail') breaker.fail(each);
        else if (each.kind === 'throttle') breaker.throttle(each.retryAfterMs);
        else breaker[each.kind]();
        expect(breaker.state.kind).not.toBe('half-open');
        expect(breaker.waitMs).toBeLessThanOrEqual(10 * 60_000);
        if (each.kind === 'succeed') expect(breaker.state.kind).toBe('closed');
      }
    }),
  );
});
