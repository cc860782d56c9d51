// Channels: publication of a signed release, and what a channel points at.
import { MAX_POINTER_DAYS } from '@dandan/shared/release';
import type * as z from 'zod';
import { requireKey } from '../auth/require-key.ts';
import { KEPT_MS } from '../cache/brief-cache.ts';
import { deviceOf } from '../devices/device-store.ts';
import { limitJson } from '../http/limit-json.ts';
import { findRelease } from '../inference/load-cascade.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { channelParams } from '../openapi/schemas.ts';
import { type CurrentRelease, servedBundle } from '../registry/release.ts';
import type { ReleaseCache } from '../registry/release-cache.ts';
import { createReleaseStore, MAX_LISTED_RELEASES } from '../registry/release-store.ts';
import { publishRelease as publishSigned } from '../rollout/publish-release.ts';
import { channelSchema, publishRequestSchema, releaseListSchema } from '../rollout/schemas.ts';

const PATH = '/v1/models/{model}/channels/{channel}';
const channelJson = { 'application/json': { schema: channelSchema } };

export const publishRelease = {
  method: 'post',
  path: PATH,
  summary: 'Publish a signed release',
  description: [
    'The pointer is a DSSE envelope by a registered Ed25519 key. It names model, channel, a release number',
    'above the current one, the bundle, the bundle to fall back to (what the channel serves as good now), and',
    `a time of at most ${MAX_POINTER_DAYS} days. With \`canary\` a share of the devices tries it: an error rate, an`,
    'alarm of the monitor, missing heartbeats or the deadline end the trial by themselves.',
    `Predictions follow at once where it is answered, within ${KEPT_MS / 1000} seconds everywhere. Needs scope operator.`,
  ].join(' '),
  security: keySecurity,
  middleware: [requireKey('operator'), limitJson],
  request: {
    params: channelParams,
    body: { required: true, content: { 'application/json': { schema: publishRequestSchema } } },
  },
  responses: {
    201: { description: 'The new release', content: channelJson },
    ...guardedProblems(400, 404, 409, 413, 415, 422),
  },
} as const satisfies Route;

export const showChannel = {
  method: 'get',
  path: PATH,
  summary: 'Show what a channel points at',
  description:
    '`serve` is the bundle for the caller: in a canary its device decides, by hash. `pointer` is what a gateway verifies.',
  security: keySecurity,
  middleware: [requireKey('predict')],
  request: { params: channelParams },
  responses: {
    200: { description: 'The current release', content: channelJson },
    ...guardedProblems(404, 422),
  },
} as const satisfies Route;

export const listReleases = {
  method: 'get',
  path: `${PATH}/releases`,
  summary: 'List the releases of a channel',
  description: `Newest first, at most ${MAX_LISTED_RELEASES}.`,
  security: keySecurity,
  middleware: [requireKey('predict')],
  request: { params: channelParams },
  responses: {
    200: {
      description: 'The releases',
      content: { 'application/json': { schema: releaseListSchema } },
    },
    ...guardedProblems(404, 422),
  },
} as const satisfies Route;

/** A release as the routes show it to `device`. */
export function channelAnswer({ envelope, ...release }: CurrentRelease, device: string) {
  return {
    ...release,
    serve: servedBundle(release, device),
    pointer: envelope === null ? null : JSON.parse(envelope),
  };
}

function canaryOf({
  percent,
  ...criteria
}: NonNullable<z.output<typeof publishRequestSchema>['canary']>) {
  return { percent, criteria };
}

export function addChannelRoutes(app: EdgeApp, releases: ReleaseCache): void {
  app.add(publishRelease, async (c, valid) => {
    const { pointer: envelope, canary } = valid.json;
    const caller = c.get('caller');
    const release = await publishSigned({
      ...valid.params,
      env: c.env,
      envelope,
      canary: canary && canaryOf(canary),
      caller,
    }).finally(releases.clear);
    return c.json(channelAnswer(release, deviceOf(caller)), 201);
  });
  app.add(showChannel, async (c, valid) => {
    const release = await findRelease({ env: c.env, ...valid.params });
    return c.json(channelAnswer(release, deviceOf(c.get('caller'))), 200);
  });
  app.add(listReleases, async (c, valid) => {
    const { model, channel } = valid.params;
    await findRelease({ env: c.env, model, channel });
    return c.json(
      { releases: await createReleaseStore(c.env.REGISTRY).history(model, channel) },
      200,
    );
  });
}
