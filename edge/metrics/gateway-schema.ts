// What a gateway tells of the rows it answered itself.
import { MAX_STAGES, modelNameSchema } from '@dandan/shared/bundle';
import { POLICY_NAMES } from '@dandan/shared/policy';
import * as z from 'zod';
import { described, named } from '../openapi/documented.ts';
import { sha256Schema } from '../openapi/schemas.ts';

/** A thousand rows a second for thirty years. */
const MAX_COUNT = 1e12;

const count = z.int().min(0).max(MAX_COUNT);

export const gatewayReportSchema = named(
  'GatewayReport',
  z.strictObject({
    model: modelNameSchema,
    bundle: sha256Schema,
    policy: z.enum(POLICY_NAMES),
    since: described(
      'When the counts began, milliseconds since 1970; a gateway that begins anew sends a later one',
      z.int().min(0),
    ),
    byStage: described(
      'Rows answered for good by the gateway, by stage, from stage 1',
      z.array(count).min(1).max(MAX_STAGES),
    ),
    degraded: described('Own answers published in place of the edge’s', count),
  }),
);
