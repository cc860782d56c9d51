// Answers that a gateway gave itself, compared with the full cascade.
import { MAX_BODY_BYTES, SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import { requireKey } from '../auth/require-key.ts';
import { mediaTypeOf } from '../http/media-type.ts';
import { readBoundedBody } from '../http/read-bounded-body.ts';
import type { CascadeCache } from '../inference/cascade-cache.ts';
import { loadCascade } from '../inference/load-cascade.ts';
import { askerOf } from '../metrics/request-target.ts';
import { judgeSample } from '../monitor/judge-sample.ts';
import { readSample } from '../monitor/read-sample.ts';
import { auditSampleSchema } from '../monitor/schemas.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { binaryBody, guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { escalationHeaders } from '../openapi/schemas.ts';

export const auditSample = {
  method: 'post',
  path: '/v1/audit-samples',
  summary: 'Compare answers of a gateway with the full cascade',
  description: [
    'The body is quantised rows with metadata `model`, `bundle` (SHA-256) and `policy`, and a tensor',
    '`classes` I32 [n] of what the gateway answered. The rows must be a fair sample of all that the',
    'gateway answers under the policy, drawn without a look at row or answer: they feed the sequential',
    "test of the policy's certificate, whose first alarm is kept. A repeated Idempotency-Key of a key",
    'counts once. Needs scope device.',
  ].join(' '),
  security: keySecurity,
  middleware: [requireKey('device')],
  request: {
    headers: escalationHeaders,
    body: { required: true, content: { [SAFETENSORS_MEDIA_TYPE]: binaryBody } },
  },
  responses: {
    200: {
      description: 'What differed, and where the test of the promise stands',
      content: { 'application/json': { schema: auditSampleSchema } },
    },
    ...guardedProblems(400, 404, 413, 415, 422),
  },
} as const satisfies Route;

export function addAuditSampleRoute(app: EdgeApp, cache: CascadeCache): void {
  app.add(auditSample, async (c, valid) => {
    const { env } = c;
    mediaTypeOf(c.req.raw, [SAFETENSORS_MEDIA_TYPE]);
    const sample = readSample(await readBoundedBody(c.req.raw, MAX_BODY_BYTES));
    const { model, sha256, policy } = sample;
    const cascade = await loadCascade({ env, cache, model, sha256 });
    const judged = judgeSample({
      cascade,
      sample,
      asker: askerOf(c.get('caller')),
      idempotencyKey: valid.headers['idempotency-key'],
    });
    const { outcomes } = judged;
    const kept = await env.METER?.getByName(model).audit(judged);
    return c.json(
      {
        model,
        bundle: sha256,
        policy,
        audits: outcomes.length,
        disagreements: outcomes.replaceAll('0', '').length,
        counted: kept !== undefined,
        repeated: kept?.repeated ?? false,
        monitor: kept?.monitor ?? null,
      },
      200,
    );
  });
}
