import { expect, test } from 'vitest';
import {
  DEFAULT_OUTBOX_BYTES,
  DEFAULT_TTL_MS,
  MIN_OUTBOX_BYTES,
} from '../../outputs/outbox/index.ts';
import { MIN_OUTBOX_MEGABYTES, outboxOptionsOf, outboxSection } from './outbox.ts';

const parse = (section: object) => outboxSection.safeParse(section);

test('outboxSection needs nothing, and its defaults are those of the outbox', () => {
  const section = outboxSection.parse({});
  expect(outboxOptionsOf(section)).toEqual({
    maxRows: 100_000,
    maxBytes: DEFAULT_OUTBOX_BYTES,
    ttlMs: DEFAULT_TTL_MS,
  });
  expect(section.resend).toEqual({ ratePerSecond: 200, burst: 50, maxInFlight: 16 });
  expect(MIN_OUTBOX_MEGABYTES * 1_000_000).toBe(MIN_OUTBOX_BYTES);
});

test('outboxSection takes a part of a group and keeps the other defaults', () => {
  const section = outboxSection.parse({ ttlHours: { audit: 24 } });
  expect(section.ttlHours).toEqual({ escalation: 720, prediction: 720, audit: 24, telemetry: 720 });
});

test.each([
  ['too few megabytes', { maxMegabytes: 7 }],
  ['a fraction', { maxMegabytes: 8.5 }],
  ['a TTL shorter than a day', { ttlHours: { audit: 23 } }],
  ['an unknown class', { ttlHours: { alarm: 24 } }],
  ['a rate of nothing', { resend: { ratePerSecond: 0 } }],
  ['an unknown field', { maxMegaBytes: 8 }],
])('outboxSection refuses %s', (_, section) => {
  expect(parse(section).success).toBe(false);
});
