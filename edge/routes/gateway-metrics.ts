// Figures of what gateways answered themselves, which the edge does not see.
import { InputError } from '@dandan/shared/error';
import { requireKey } from '../auth/require-key.ts';
import { limitJson } from '../http/limit-json.ts';
import type { CascadeCache } from '../inference/cascade-cache.ts';
import { loadCascade } from '../inference/load-cascade.ts';
import { gatewayReportSchema } from '../metrics/gateway-schema.ts';
import { askerOf } from '../metrics/request-target.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';

export const reportGateway = {
  method: 'post',
  path: '/v1/gateway-metrics',
  summary: 'Report what a gateway answered itself',
  description: [
    'Counts run since `since`, so that reports may be lost or repeated: the edge adds what is new to the',
    'figures of source `gateway`. Costs are those of a row of average sparsity. Needs scope device.',
  ].join(' '),
  security: keySecurity,
  middleware: [requireKey('device'), limitJson],
  request: {
    body: { required: true, content: { 'application/json': { schema: gatewayReportSchema } } },
  },
  responses: { 204: { description: 'Counted' }, ...guardedProblems(400, 404, 413, 415, 422) },
} as const satisfies Route;

export function addGatewayMetricsRoute(app: EdgeApp, cache: CascadeCache): void {
  app.add(reportGateway, async (c, valid) => {
    const { env } = c;
    const { model, bundle: sha256, byStage } = valid.json;
    const { manifest } = await loadCascade({ env, cache, model, sha256 });
    const { stages } = manifest;
    if (byStage.length > stages.length) {
      throw new InputError('stage-out-of-range', `The bundle has no stage ${byStage.length}`, {
        field: 'byStage',
        value: byStage.length,
        allowed: `1..${stages.length} counts`,
      });
    }
    let spent = 0;
    const macsUpTo = stages.map(({ macs }) => {
      spent += macs;
      return spent;
    });
    const asker = askerOf(c.get('caller'));
    await env.METER?.getByName(model).gateway({ ...valid.json, ...asker, macsUpTo });
    return c.body(null, 204);
  });
}
