// Channels: promotion of a bundle, and the current pointer.
import { requireKey } from '../auth/require-key.ts';
import { limitJson } from '../http/limit-json.ts';
import { bundleUnknown, findRelease } from '../inference/load-cascade.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { channelParams, releaseRequestSchema, releaseSchema } from '../openapi/schemas.ts';
import { createBundleStore } from '../registry/bundle-store.ts';
import { createReleaseStore } from '../registry/release-store.ts';

const PATH = '/v1/models/{model}/channels/{channel}';
const releaseJson = { 'application/json': { schema: releaseSchema } };

export const publishRelease = {
  method: 'post',
  path: PATH,
  summary: 'Point a channel at a bundle',
  description:
    'Adds a release with the next number, also when the bundle is the current one or an older one. Needs scope operator.',
  security: keySecurity,
  middleware: [requireKey('operator'), limitJson],
  request: {
    params: channelParams,
    body: { required: true, content: { 'application/json': { schema: releaseRequestSchema } } },
  },
  responses: {
    201: { description: 'The new release', content: releaseJson },
    ...guardedProblems(400, 404, 413, 415, 422),
  },
} as const satisfies Route;

export const showChannel = {
  method: 'get',
  path: PATH,
  summary: 'Show what a channel points at',
  security: keySecurity,
  middleware: [requireKey('predict')],
  request: { params: channelParams },
  responses: {
    200: { description: 'The current release', content: releaseJson },
    ...guardedProblems(404, 422),
  },
} as const satisfies Route;

export function addChannelRoutes(app: EdgeApp): void {
  app.add(publishRelease, async (c, valid) => {
    const { model, channel } = valid.params;
    const { bundle } = valid.json;
    const bundles = createBundleStore({ database: c.env.REGISTRY, bucket: c.env.BUNDLES });
    if ((await bundles.find(model, bundle)) === undefined) throw bundleUnknown(model, bundle);
    const release = await createReleaseStore(c.env.REGISTRY).publish(
      { model, channel, bundle },
      c.get('caller'),
    );
    return c.json(release, 201);
  });
  app.add(showChannel, async (c, valid) => {
    const { model, channel } = valid.params;
    return c.json(await findRelease({ env: c.env, model, channel }), 200);
  });
}
