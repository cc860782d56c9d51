import { expect, test } from 'vitest';
import { DEFAULT_OUTBOX_BYTES, DEFAULT_TTL_MS, MIN_OUTBOX_BYTES } from '../../outbox/index.ts';
import { MIN_OUTBOX_MEGABYTES, outboxOptionsOf, outboxSectionSchema } from './outbox.ts';

const parse = (section: object) => outboxSectionSchema.safeParse({ file: 'o.sqlite', ...section });

test('outboxSectionSchema needs a file only, and its defaults are those of the outbox', () => {
  const section = outboxSectionSchema.parse({ file: 'o.sqlite' });
  expect(outboxOptionsOf(section)).toEqual({
    file: 'o.sqlite',
    maxRows: 100_000,
    maxBytes: DEFAULT_OUTBOX_BYTES,
    ttlMs: DEFAULT_TTL_MS,
  });
  expect(section.resend).toEqual({ ratePerSecond: 200, burst: 50, maxInFlight: 16 });
  expect(MIN_OUTBOX_MEGABYTES * 1_000_000).toBe(MIN_OUTBOX_BYTES);
});

test('outboxSectionSchema takes a part of a group and keeps the other defaults', () => {
  const section = outboxSectionSchema.parse({ file: 'o', ttlHours: { audit: 24 } });
  expect(section.ttlHours).toEqual({ escalation: 720, prediction: 720, audit: 24, telemetry: 720 });
});

test.each([
  ['no file', { file: undefined }],
  ['too few megabytes', { maxMegabytes: 7 }],
  ['a fraction', { maxMegabytes: 8.5 }],
  ['a TTL shorter than a day', { ttlHours: { audit: 23 } }],
  ['an unknown class', { ttlHours: { alarm: 24 } }],
  ['a rate of nothing', { resend: { ratePerSecond: 0 } }],
  ['an unknown field', { maxMegaBytes: 8 }],
])('outboxSectionSchema refuses %s', (_, section) => {
  expect(parse(section).success).toBe(false);
});
