// The manifest of a bundle without its weights, for people and pages.
import { explainResponseSchema } from '@dandan/shared/wire';
import * as z from 'zod';
import { requireKey } from '../auth/require-key.ts';
import { described, named } from '../openapi/documented.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { bundleParams } from '../openapi/schemas.ts';
import { readManifest } from '../policies/read-manifest.ts';
import { createBundleStore } from '../registry/bundle-store.ts';
import { bundleUnknown } from '../registry/unknown.ts';

const policy = z.looseObject({
  maxStage: z.int().min(1),
  thresholds: z.array(z.number().nullable()),
  certificate: described('What the thresholds promise', explainResponseSchema.shape.certificate),
});

/** What readers go by; the file holds more, which is told as it is there. */
const manifest = named(
  'Manifest',
  z.looseObject({
    model: z.string(),
    version: z.string(),
    created: z.string(),
    classes: z.array(z.string()),
    features: z.looseObject({ kind: z.string() }),
    policies: z.object({ day: policy, night: policy }),
    reference: described(
      'Features of the training rows; without it no drift is seen',
      z.looseObject({}).optional(),
    ),
  }),
);

export const showManifest = {
  method: 'get',
  path: '/v1/models/{model}/bundles/{sha256}/manifest',
  summary: 'Show the manifest of a bundle',
  description: 'Classes, features, stages, policies with their certificates, provenance.',
  security: keySecurity,
  middleware: [requireKey('predict')],
  request: { params: bundleParams },
  responses: {
    200: {
      description: 'The manifest',
      content: { 'application/json': { schema: manifest } },
    },
    ...guardedProblems(404, 422),
  },
} as const satisfies Route;

export function addBundleManifest(app: EdgeApp): void {
  app.add(showManifest, async (c, valid) => {
    const { model, sha256 } = valid.params;
    const store = createBundleStore({ database: c.env.REGISTRY, bucket: c.env.BUNDLES });
    const found = await readManifest(store, model, sha256);
    if (found === undefined) throw bundleUnknown(model, sha256, 'sha256');
    // A hash never names another manifest; private, because a key was needed.
    return c.json(found, 200, { 'cache-control': 'private, max-age=31536000, immutable' });
  });
}
