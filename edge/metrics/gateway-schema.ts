// The report of a gateway, as the OpenAPI document describes it.
import * as wire from '@dandan/shared/wire';
import { described, named } from '../openapi/documented.ts';

export const gatewayReportSchema = named('GatewayReport', wire.gatewayReportSchema);

const { bundle, since, byStage, degraded } = gatewayReportSchema.shape;
described('SHA-256 of the bundle file', bundle);
described(
  'When the counts began, milliseconds since 1970; a gateway that begins anew sends a later one',
  since,
);
described('Rows answered for good by the gateway, by stage, from stage 1', byStage);
described('Own answers published in place of the edge’s', degraded);
