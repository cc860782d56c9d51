// Listings of the registry.
import { requireKey } from '../auth/require-key.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { modelListSchema, modelParams, modelSchema } from '../openapi/schemas.ts';
import { createBundleStore, MAX_LISTED_BUNDLES } from '../registry/bundle-store.ts';
import { createReleaseStore, MAX_LISTED_MODELS } from '../registry/release-store.ts';
import { modelUnknown } from '../registry/unknown.ts';

export const listModels = {
  method: 'get',
  path: '/v1/models',
  summary: 'List models and their channels',
  description: `By name, at most ${MAX_LISTED_MODELS}.`,
  security: keySecurity,
  middleware: [requireKey('predict')],
  responses: {
    200: { description: 'Models', content: { 'application/json': { schema: modelListSchema } } },
    ...guardedProblems(),
  },
} as const satisfies Route;

export const showModel = {
  method: 'get',
  path: '/v1/models/{model}',
  summary: 'Show the bundles and channels of a model',
  description: `Bundles newest first, at most ${MAX_LISTED_BUNDLES}; older ones stay reachable by hash.`,
  security: keySecurity,
  middleware: [requireKey('predict')],
  request: { params: modelParams },
  responses: {
    200: { description: 'The model', content: { 'application/json': { schema: modelSchema } } },
    ...guardedProblems(404, 422),
  },
} as const satisfies Route;

export function addModelRoutes(app: EdgeApp): void {
  app.add(listModels, async (c) => {
    const models = await createReleaseStore(c.env.REGISTRY).models();
    return c.json(
      { models: models.map((model) => ({ ...model, channels: [...model.channels] })) },
      200,
    );
  });
  app.add(showModel, async (c, valid) => {
    const { model } = valid.params;
    const [bundles, channels] = await Promise.all([
      createBundleStore({ database: c.env.REGISTRY, bucket: c.env.BUNDLES }).list(model),
      createReleaseStore(c.env.REGISTRY).channels(model),
    ]);
    if (bundles.length === 0) throw modelUnknown(model);
    return c.json({ model, bundles, channels }, 200);
  });
}
