import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ClockState, createOutboxClock, MAX_OFF_MS } from './outbox-clock.ts';

const YEAR_MS = 365 * 86_400_000;

type Step =
  | { readonly kind: 'run'; readonly ms: number }
  | { readonly kind: 'setWall'; readonly byMs: number }
  | { readonly kind: 'save' }
  | { readonly kind: 'restart'; readonly downMs: number }
  | { readonly kind: 'reboot'; readonly downMs: number };

const duration = fc.integer({ min: 0, max: 3 * 86_400_000 });
const step: fc.Arbitrary<Step> = fc.oneof(
  duration.map((ms) => ({ kind: 'run' as const, ms })),
  fc.integer({ min: -60, max: 60 }).map((years) => ({
    kind: 'setWall' as const,
    byMs: years * YEAR_MS,
  })),
  fc.constant({ kind: 'save' as const }),
  duration.map((downMs) => ({ kind: 'restart' as const, downMs })),
  duration.map((downMs) => ({ kind: 'reboot' as const, downMs })),
);

/** A gateway whose clocks are set, stopped and started; yields true and believed time after each step. */
function* live(steps: readonly Step[], bootsAreKnown: boolean) {
  let [truth, wall, monotonic, boot] = [0, 1.7e12, 5e6, 1];
  let saved: ClockState | undefined;
  const open = (floor: number) =>
    createOutboxClock({
      saved,
      floor,
      now: () => wall,
      monotonic: () => monotonic,
      boot: bootsAreKnown ? `boot-${boot}` : '',
    });
  let clock = open(0);
  const pass = (ms: number) => {
    truth += ms;
    wall += ms;
    monotonic += ms;
  };
  for (const one of steps) {
    if (one.kind === 'run') pass(one.ms);
    else if (one.kind === 'setWall') wall += one.byMs;
    else if (one.kind === 'save') saved = clock.state();
    else {
      // What stops was just saved; a loss of the last minute is the floor's business below.
      saved = clock.state();
      pass(one.downMs);
      if (one.kind === 'reboot') {
        monotonic = 17;
        boot++;
      }
      clock = open(0);
    }
    yield { step: one, truth, believed: clock.now() };
  }
}

test('createOutboxClock() neither runs ahead of the truth by more than an hour a reboot, nor stands still', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, known) => {
      let [allowance, running, last] = [0, 0, 0];
      for (const { step: one, truth, believed } of live(steps, known)) {
        if (one.kind === 'reboot' || (one.kind === 'restart' && !known)) allowance += MAX_OFF_MS;
        if (one.kind === 'run') running += one.ms;
        if (one.kind === 'restart' && known) running += one.downMs;
        expect(believed).toBeGreaterThanOrEqual(last);
        expect(believed).toBeLessThanOrEqual(truth + allowance);
        expect(believed).toBeGreaterThanOrEqual(running);
        last = believed;
      }
    }),
    { numRuns: 500 },
  );
});

test('createOutboxClock() is exact where no reboot comes between, however the wall clock is set', () => {
  const calm = step.filter(({ kind }) => kind !== 'reboot');
  fc.assert(
    fc.property(fc.array(calm, { maxLength: 40 }), (steps) => {
      for (const { truth, believed } of live(steps, true)) expect(believed).toBe(truth);
    }),
  );
});

test.each([
  ['ten minutes later', 600_000, 600_000],
  ['a weekend later', 2 * 86_400_000, MAX_OFF_MS],
  ['years ahead', 50 * YEAR_MS, MAX_OFF_MS],
  ['years back', -50 * YEAR_MS, 0],
])('createOutboxClock() goes on after a reboot with a wall clock %s', (_, byMs, counted) => {
  const saved: ClockState = { ms: 1000, wall: 1.7e12, monotonic: 9e9, boot: 'a' };
  const common = { saved, now: () => 1.7e12 + byMs, monotonic: () => 5 };
  expect(createOutboxClock({ ...common, boot: 'b' }).now()).toBe(1000 + counted);
});

test('createOutboxClock() never goes back behind what the messages carry', () => {
  const common = { now: () => 0, monotonic: () => 5, boot: '' };
  expect(createOutboxClock({ ...common, floor: 77 }).now()).toBe(77);
  const saved: ClockState = { ms: 50, wall: 0, monotonic: 0, boot: '' };
  expect(createOutboxClock({ ...common, saved, floor: 77 }).now()).toBe(77);
});
