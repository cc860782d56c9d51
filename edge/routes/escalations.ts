// What a gateway was not sure about: its quantised rows, answered by the whole cascade.
import { InputError } from '@dandan/shared/error';
import { MAX_BODY_BYTES, SAFETENSORS_MEDIA_TYPE } from '@dandan/shared/wire';
import { requireKey } from '../auth/require-key.ts';
import { mediaTypeOf } from '../http/media-type.ts';
import { readBoundedBody } from '../http/read-bounded-body.ts';
import { answerRows } from '../inference/answer-rows.ts';
import { decodeBinaryRows } from '../inference/binary-rows.ts';
import type { InferenceParts } from '../inference/inference-parts.ts';
import { loadCascade } from '../inference/load-cascade.ts';
import { readRowsMetadata } from '../inference/rows-metadata.ts';
import { requestTarget } from '../metrics/request-target.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { binaryBody, guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { escalationHeaders, predictResponse } from '../openapi/schemas.ts';

export const escalate = {
  method: 'post',
  path: '/v1/escalations',
  summary: 'Answer rows a gateway was not sure about',
  description: [
    'The body is quantised rows with metadata `model` and `bundle` (SHA-256). The edge runs the policy',
    '`day` of that bundle from stage 1: the same row gives the same bits as on the gateway, so no state',
    'travels. Nothing is changed by the call, so a repeated Idempotency-Key simply gets the same answer',
    'again; the key is echoed for matching. `content-encoding: gzip` is read. A policy document may cap the',
    'stages by load and cost, as `decided` then says. Needs scope device.',
  ].join(' '),
  security: keySecurity,
  middleware: [requireKey('device')],
  request: {
    headers: escalationHeaders,
    body: { required: true, content: { [SAFETENSORS_MEDIA_TYPE]: binaryBody } },
  },
  responses: {
    200: {
      description: 'One answer per row, in row order',
      headers: {
        'idempotency-key': { schema: { type: 'string' }, description: 'As in the request' },
      },
      content: { 'application/json': { schema: predictResponse } },
    },
    ...guardedProblems(400, 404, 413, 415, 422),
  },
} as const satisfies Route;

export function addEscalationRoute(
  app: EdgeApp,
  { cache, recorder, policies }: InferenceParts,
): void {
  app.add(escalate, async (c, valid) => {
    mediaTypeOf(c.req.raw, [SAFETENSORS_MEDIA_TYPE]);
    const bytes = await readBoundedBody(c.req.raw, MAX_BODY_BYTES);
    const decoded = decodeBinaryRows(bytes);
    if (decoded.kind === 'float') {
      const details = { field: 'x', allowed: "tensor 'codes' (U8)" };
      throw new InputError('rows-malformed', 'An escalation carries quantised rows', details);
    }
    const { model, sha256 } = readRowsMetadata(decoded.metadata);
    const cascade = await loadCascade({ env: c.env, cache, model, sha256 });
    const applied = await policies.decide({ env: c.env, model, policy: 'day' });
    const response = answerRows({
      cascade,
      sha256,
      rows: decoded.rows,
      ...applied,
      observe: (run) => recorder.record(requestTarget(c, 'escalation'), run),
    });
    policies.answered(model, response.answers);
    const key = valid.headers['idempotency-key'];
    return c.json(response, 200, { 'idempotency-key': key });
  });
}
