import { expect, test } from 'vitest';
import { PROGRAM_TIME, plausibleNow } from './clock.ts';

const HOUR_MS = 3_600_000;
const now = PROGRAM_TIME + 1000 * HOUR_MS;
const refused = expect.objectContaining({ code: 'clock-implausible', field: 'clock' });

test('plausibleNow() is the clock where nothing speaks against it', () => {
  expect(plausibleNow({ local: now, floor: 0 })).toBe(now);
  expect(plausibleNow({ local: now, edge: now + 1000, floor: now - HOUR_MS })).toBe(now + 1000);
  expect(plausibleNow({ local: now + HOUR_MS, edge: now, floor: 0 })).toBe(now + HOUR_MS);
});

test('plausibleNow() believes no clock that is behind, and goes by the edge where it told the time', () => {
  expect(() => plausibleNow({ local: 0, floor: 0 })).toThrow(refused);
  expect(() => plausibleNow({ local: now, floor: now + HOUR_MS })).toThrow(refused);
  expect(plausibleNow({ local: 0, edge: now, floor: 0 })).toBe(now);
  // An edge that sets its clock back takes nobody behind what was signed.
  expect(plausibleNow({ local: 0, edge: 0, floor: now })).toBe(now);
});

test('plausibleNow() believes no clock that is days ahead of the edge', () => {
  expect(() => plausibleNow({ local: now + 25 * HOUR_MS, edge: now, floor: 0 })).toThrow(refused);
  // Without the edge it is the pointers that have expired.
  expect(plausibleNow({ local: now + 25 * HOUR_MS, floor: 0 })).toBe(now + 25 * HOUR_MS);
});
