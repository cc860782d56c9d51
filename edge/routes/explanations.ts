// Kept explanations, for operators.
import { modelNameSchema } from '@dandan/shared/bundle';
import * as z from 'zod';
import { requireKey } from '../auth/require-key.ts';
import {
  createExplanationStore,
  MAX_LISTED_EXPLANATIONS,
} from '../explanations/explanation-store.ts';
import { explanationListSchema, explanationRecordSchema } from '../explanations/schemas.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';

const DEFAULT_PAGE = 100;
const NO_STORE = { 'cache-control': 'no-store' };

export const listExplanations = {
  method: 'get',
  path: '/v1/explanations',
  summary: 'List kept explanations',
  description: 'Newest first. For older ones ask `before` the last `number`. Needs scope operator.',
  security: keySecurity,
  middleware: [requireKey('operator')],
  request: {
    query: z.strictObject({
      model: modelNameSchema.optional(),
      before: z.coerce.number().int().min(1).optional(),
      limit: z.coerce.number().int().min(1).max(MAX_LISTED_EXPLANATIONS).optional(),
    }),
  },
  responses: {
    200: {
      description: 'What was explained to whom',
      content: { 'application/json': { schema: explanationListSchema } },
    },
    ...guardedProblems(422),
  },
} as const satisfies Route;

export const showExplanation = {
  method: 'get',
  path: '/v1/explanations/{id}',
  summary: 'Show a kept explanation',
  description:
    'The record as it was kept: who asked, when, the bundle and its certificate, the codes of the rows and the answer. Its hash is compared with that of the time. Needs scope operator.',
  security: keySecurity,
  middleware: [requireKey('operator')],
  request: { params: z.object({ id: z.uuid() }) },
  responses: {
    200: {
      description: 'The record',
      content: { 'application/json': { schema: explanationRecordSchema } },
    },
    ...guardedProblems(404, 422),
  },
} as const satisfies Route;

export function addExplanationRoutes(app: EdgeApp): void {
  app.add(listExplanations, async (c, valid) => {
    const { limit = DEFAULT_PAGE, ...query } = valid.query;
    const store = createExplanationStore({ database: c.env.REGISTRY, bucket: c.env.BUNDLES });
    return c.json({ explanations: await store.list({ ...query, limit }) }, 200, NO_STORE);
  });
  app.add(showExplanation, async (c, valid) => {
    const store = createExplanationStore({ database: c.env.REGISTRY, bucket: c.env.BUNDLES });
    return c.json(await store.read(valid.params.id), 200, NO_STORE);
  });
}
