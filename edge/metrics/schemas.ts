// Schemas of figures, as the interface shows them.
import { modelNameSchema } from '@dandan/shared/bundle';
import { POLICY_NAMES } from '@dandan/shared/policy';
import * as z from 'zod';
import { described, named } from '../openapi/documented.ts';
import { sha256Schema } from '../openapi/schemas.ts';
import { SOURCES } from './observation.ts';

const time = z.iso.datetime();
const count = z.int().min(0);

export const STEPS = ['hour', 'day'] as const;

export const metricsQuery = z.strictObject({
  model: modelNameSchema.optional(),
  bundle: sha256Schema.optional(),
  step: described('Length of a point', z.enum(STEPS).optional()),
  from: described('Default: 48 hours, or 30 days, before `to`', time.optional()),
  to: described('Default: now', time.optional()),
});

const place = {
  model: z.string(),
  bundle: z.string(),
  policy: z.enum(POLICY_NAMES),
};

const pointSchema = z.object({
  start: time,
  requests: count,
  nodes: count,
  exits: described('Answers by stage, from stage 1', z.array(count)),
  stopped: described(
    'Answers by why they stopped',
    z.object({
      confident: count,
      'last-stage': count,
      'stage-limit': count,
      budget: count,
    }),
  ),
  macs: described('Multiply-accumulates spent', z.number().min(0)),
  fullMacs: described('What the same rows cost through all stages', z.number().min(0)),
  saved: described('1 − macs / fullMacs', z.number().nullable()),
  confidence: described('Answers with a confidence in ((k − 1) / 20, k / 20]', z.array(count)),
  meanConfidence: z.number().nullable(),
  degraded: described('Answers gateways gave in place of the edge', count),
  audits: described('Answers compared with the full cascade', count),
  disagreements: described('Audited answers that differed', count),
});

export const metricsReportSchema = named(
  'MetricsReport',
  z.object({
    step: z.enum(STEPS),
    from: time,
    to: time,
    truncated: described('More points were there than one answer holds', z.boolean()),
    series: z.array(
      z.object({
        ...place,
        source: z.enum(SOURCES),
        tier: described('Who answered', z.enum(['edge', 'gateway'])),
        points: z.array(pointSchema),
      }),
    ),
    monitors: z.array(
      z.object({
        ...place,
        alpha: z.number(),
        delta: z.number(),
        audits: count,
        disagreements: count,
        evidence: described(
          'Against the promise: an e-value; from 1 / delta on an alarm',
          z.number(),
        ),
        alarmed: described('Time of the first alarm', time.nullable()),
        kept: described('Whether there never was an alarm', z.boolean()),
        updated: time,
      }),
    ),
    drift: z.array(
      z.object({
        model: z.string(),
        bundle: z.string(),
        day: time,
        rows: count,
        referenceRows: count,
        features: count,
        drifted: count,
        shifts: described(
          'The features furthest away',
          z.array(
            z.object({
              name: z.string(),
              column: count,
              psi: described('Population stability index', z.number()),
              expected: described('What chance brings with so few rows', z.number()),
              score: described('Standard deviations beyond chance', z.number()),
              drifted: z.boolean(),
            }),
          ),
        ),
      }),
    ),
  }),
);

export const callerCountsSchema = named(
  'CallerCounts',
  z.object({
    callers: z.array(
      z.object({
        model: z.string(),
        key: z.string(),
        device: described('null: the key is no device’s', z.string().nullable()),
        bundle: described('The last that answered', z.string()),
        requests: count,
        nodes: count,
        escalations: count,
        degraded: count,
        lastSeen: time,
      }),
    ),
  }),
);

export type MetricsReport = z.infer<typeof metricsReportSchema>;
