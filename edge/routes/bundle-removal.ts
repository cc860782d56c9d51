// Removal of a bundle that nothing needs any more.
import { requireKey } from '../auth/require-key.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { bundleParams } from '../openapi/schemas.ts';
import { EdgeError } from '../problem/edge-error.ts';
import { createBundleStore } from '../registry/bundle-store.ts';
import { collectBundle, KEEP_DAYS } from '../registry/collect-bundles.ts';
import { bundleUnknown } from '../registry/unknown.ts';

export const removeBundle = {
  method: 'delete',
  path: '/v1/models/{model}/bundles/{sha256}',
  summary: 'Remove a bundle',
  description: `Refused while a channel serves it or may fall back to it, and for ${KEEP_DAYS} days after a release that did. Older ones go by themselves every night. Needs scope operator.`,
  security: keySecurity,
  middleware: [requireKey('operator')],
  request: { params: bundleParams },
  responses: { 204: { description: 'Removed' }, ...guardedProblems(404, 409, 422) },
} as const satisfies Route;

export function addBundleRemoval(app: EdgeApp): void {
  app.add(removeBundle, async (c, valid) => {
    const { model, sha256 } = valid.params;
    const database = c.env.REGISTRY;
    if (await collectBundle({ model, sha256 }, { database, caller: c.get('caller') })) {
      return c.body(null, 204);
    }
    const store = createBundleStore({ database, bucket: c.env.BUNDLES });
    if ((await store.find(model, sha256)) === undefined) {
      throw bundleUnknown(model, sha256, 'sha256');
    }
    throw new EdgeError('bundle-pinned', 'The bundle is in use', {
      field: 'sha256',
      value: sha256,
      allowed: `a bundle that no channel serves or falls back to, nor did in the last ${KEEP_DAYS} days`,
    });
  });
}
