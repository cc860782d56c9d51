// Reasons for answers, for a person who asks.
import { createCascade } from '@dandan/shared/cascade';
import { InputError } from '@dandan/shared/error';
import {
  explainOptionsSchema,
  MAX_BODY_BYTES,
  MAX_EXPLAINED_FEATURES,
  MAX_EXPLAINED_ROWS,
} from '@dandan/shared/wire';
import { checkScope, requireKey } from '../auth/require-key.ts';
import { createExplanationStore } from '../explanations/explanation-store.ts';
import { mediaTypeOf } from '../http/media-type.ts';
import { readBoundedBody } from '../http/read-bounded-body.ts';
import { explainRows } from '../inference/explain-rows.ts';
import type { InferenceParts } from '../inference/inference-parts.ts';
import { readJsonBody, readJsonRows } from '../inference/json-rows.ts';
import { loadBundle, namedBundle } from '../inference/load-cascade.ts';
import { EXPLAIN_REQUEST_REF } from '../openapi/document.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { explainResponse, modelParams } from '../openapi/schemas.ts';
import { checked } from '../problem/checked.ts';

export const explain = {
  method: 'post',
  path: '/v1/models/{model}/explain',
  summary: 'Explain the answers for rows',
  description: [
    `Takes 1..${MAX_EXPLAINED_ROWS} rows as \`predict\` does in JSON and gives, beside each answer, what every`,
    'stage said, the threshold it had to reach, the certificate of the thresholds, and the features that',
    'moved the probability of the answer most: integrated gradients from the row of mean features (of an',
    'empty row where rows are sparse), whose sum is the whole change up to `residual`. At most',
    `${MAX_EXPLAINED_FEATURES} features are named, the others summed. With \`keep\`, for scope operator, the answer`,
    'is also kept with the codes of the rows and who asked, and `record` names it.',
  ].join(' '),
  security: keySecurity,
  middleware: [requireKey('predict')],
  request: {
    params: modelParams,
    body: {
      required: true,
      content: { 'application/json': { schema: { $ref: EXPLAIN_REQUEST_REF } } },
    },
  },
  responses: {
    200: {
      description: 'One explanation per row',
      content: { 'application/json': { schema: explainResponse } },
    },
    ...guardedProblems(400, 404, 413, 415, 422),
  },
} as const satisfies Route;

function checkCount(rows: unknown): void {
  if (!Array.isArray(rows) || rows.length <= MAX_EXPLAINED_ROWS) return;
  throw new InputError('rows-too-many', `${rows.length} rows are too many to explain at once`, {
    field: 'rows',
    value: rows.length,
    allowed: `1..${MAX_EXPLAINED_ROWS} rows`,
  });
}

export function addExplainRoute(
  app: EdgeApp,
  { releases, policies }: Pick<InferenceParts, 'releases' | 'policies'>,
): void {
  app.add(explain, async (c, valid) => {
    const { env } = c;
    const { model } = valid.params;
    mediaTypeOf(c.req.raw, ['application/json']);
    const bytes = await readBoundedBody(c.req.raw, MAX_BODY_BYTES);
    const { rows, ...fields } = readJsonBody(bytes);
    const options = checked(explainOptionsSchema, fields);
    if (options.keep) checkScope(c.get('caller'), 'operator');
    checkCount(rows);
    const sha256 = await namedBundle({ env, model, releases, caller: c.get('caller') }, options);
    const bundle = await loadBundle({ env, model, sha256 });
    const cascade = createCascade(bundle);
    const quantised = readJsonRows(rows, cascade);
    const applied = await policies.decide({ env, model, policy: options.policy });
    const given = { ...options, ...applied, bundle, cascade, sha256, rows: quantised };
    const explained = explainRows(given);
    if (!options.keep) return c.json(explained, 200);
    const record = await createExplanationStore({
      database: env.REGISTRY,
      bucket: env.BUNDLES,
    }).keep({ explained, rows: quantised }, c.get('caller'));
    return c.json({ ...explained, record }, 200);
  });
}
