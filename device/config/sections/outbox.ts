// What the gateway keeps while somebody is away: how much, for how long, how it is sent again.
import * as z from 'zod';

/** 10 million rows of 100 features fill 2.5 GB: more than an outage of a year on most lines. */
const MAX_OUTBOX_ROWS = 10_000_000;

/** The write-ahead log takes 5 MB of it. */
export const MIN_OUTBOX_MEGABYTES = 8;

/** Beyond it, checking the file at the start would take minutes. */
const MAX_OUTBOX_MEGABYTES = 100_000;

/** A reboot with a wrong clock counts as an hour: a day keeps that from mattering. */
const MIN_TTL_HOURS = 24;
const MAX_TTL_HOURS = 10 * 366 * 24;

const ttlHours = (hours: number) => z.int().min(MIN_TTL_HOURS).max(MAX_TTL_HOURS).default(hours);

export const outboxSection = z.strictObject({
  /** Rows that may wait for the edge: 100,000 of 60 features are 60 MB and, at one a second, a day. */
  maxRows: z.int().min(1).max(MAX_OUTBOX_ROWS).default(100_000),
  /** Disk for everything that waits, the log included; beyond it the least important gives way. */
  maxMegabytes: z.int().min(MIN_OUTBOX_MEGABYTES).max(MAX_OUTBOX_MEGABYTES).default(256),
  /** How long what waits is of use. */
  ttlHours: z
    .strictObject({
      escalation: ttlHours(720),
      prediction: ttlHours(720),
      audit: ttlHours(336),
      telemetry: ttlHours(720),
    })
    .prefault({}),
  /** The pace at which what waited is sent again; live messages always go first. */
  resend: z
    .strictObject({
      ratePerSecond: z.int().min(1).max(10_000).default(200),
      burst: z.int().min(1).max(10_000).default(50),
      /** Most messages without an answer. */
      maxInFlight: z.int().min(1).max(1000).default(16),
    })
    .prefault({}),
});

export type OutboxConfig = z.infer<typeof outboxSection>;

const HOUR_MS = 3_600_000;

/** The section in the units of the outbox: bytes and milliseconds. */
export function outboxOptionsOf({ maxRows, maxMegabytes, ttlHours: hours }: OutboxConfig) {
  return {
    maxRows,
    maxBytes: maxMegabytes * 1_000_000,
    ttlMs: {
      escalation: hours.escalation * HOUR_MS,
      prediction: hours.prediction * HOUR_MS,
      audit: hours.audit * HOUR_MS,
      telemetry: hours.telemetry * HOUR_MS,
    },
  };
}
