// What a gateway tells the edge of the rows that it answered itself. Counts run since `since`, so
// that a report may be lost or repeated.
import * as z from 'zod';
import { MAX_STAGES, modelNameSchema } from '../bundle/index.ts';
import { POLICY_NAMES } from '../policy/index.ts';

/** A thousand rows a second for thirty years. */
export const MAX_COUNT = 1e12;

const count = z.int().min(0).max(MAX_COUNT);

export const gatewayReportSchema = z.strictObject({
  model: modelNameSchema,
  /** SHA-256 of the bundle file. */
  bundle: z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits'),
  policy: z.enum(POLICY_NAMES),
  /** When the counts began, milliseconds since 1970; a gateway that begins anew sends a later one. */
  since: z.int().min(0),
  /** Rows answered for good by the gateway, by stage, from stage 1. */
  byStage: z.array(count).min(1).max(MAX_STAGES),
  /** Own answers published in place of the edge's. */
  degraded: count,
});

export type GatewayReport = z.output<typeof gatewayReportSchema>;
