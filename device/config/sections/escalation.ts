// How rows that the gateway is not sure of reach the edge, and how many of them may.
import { isTimeZone } from '@dandan/shared/policy';
import * as z from 'zod';
import { environmentName, path } from './fields.ts';

/** A year of the busiest gateway. */
const MAX_ROWS = 10_000_000_000;
const MAX_BYTES = 1_000_000_000_000;

/** A row of a million features and its answer. */
const MIN_BYTES = 2_000_000;

const DAY_MS = 86_400_000;

const rows = z.int().min(1).max(MAX_ROWS).optional();
const bytes = z.int().min(MIN_BYTES).max(MAX_BYTES).optional();

/**
 * Field `edge.via`. `https`: straight to the edge. `mqtt`: through a bridge at the home broker.
 * `auto`: straight to it, and through a bridge while it cannot be reached. `none`: there is no edge,
 * every stage runs here.
 */
export const edgeVia = z.enum(['https', 'mqtt', 'auto', 'none']).default('https');

export const escalationSection = z.strictObject({
  /** Rows that waited longer are not escalated any more: 8 hours, a shift. */
  maxAgeMs: z
    .int()
    .min(1000)
    .max(400 * DAY_MS)
    .default(DAY_MS / 3),
  /** When the edge is left alone; per bundle. */
  breaker: z
    .strictObject({
      /** Failures in a row. */
      failures: z.int().min(1).max(100).default(3),
      /** Or this share of the last so many requests. */
      failureShare: z.number().gt(0).max(1).default(0.5),
      windowRequests: z.int().min(2).max(1000).default(20),
    })
    .prefault({}),
  /** Without a field there is no such limit. */
  budget: z
    .strictObject({
      rowsPerMinute: rows,
      rowsPerDay: rows,
      /** Both ways, with 1,200 bytes for the headers of each request. */
      bytesPerMinute: bytes,
      bytesPerDay: bytes,
      /** Whose midnight begins a day. */
      timeZone: z
        .string()
        .refine(isTimeZone, 'an IANA time zone such as Asia/Tokyo')
        .default('UTC'),
      /** New rows on a spent day wait for the next one, or are not kept (`drop`). */
      whenSpent: z.enum(['wait', 'drop']).default('wait'),
    })
    .prefault({}),
  /** A secret that the gateway shares with its bridge: neither believes anybody else. */
  bridge: z
    .strictObject({ secretEnv: environmentName.optional(), secretFile: path.optional() })
    .refine(
      ({ secretEnv, secretFile }) => secretEnv === undefined || secretFile === undefined,
      'at most one of secretEnv and secretFile',
    )
    .prefault({}),
});

export type EscalationConfig = z.infer<typeof escalationSection>;
