// Gateways: their heartbeats, and what the edge knows of them.
import { deviceNameSchema } from '@dandan/shared/wire';
import * as z from 'zod';
import { requireKey } from '../auth/require-key.ts';
import { createDeviceStore, deviceOf, MAX_LISTED_DEVICES } from '../devices/device-store.ts';
import { heartbeatAnswerSchema, heartbeatSchema } from '../devices/heartbeat.ts';
import { deviceListSchema } from '../devices/schemas.ts';
import { limitHeartbeat } from '../http/limit-json.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { EdgeError } from '../problem/edge-error.ts';
import { servedBundle } from '../registry/release.ts';
import type { ReleaseCache } from '../registry/release-cache.ts';
import { createReleaseStore } from '../registry/release-store.ts';
import { superviseRelease } from '../rollout/supervise.ts';

export const sendHeartbeat = {
  method: 'post',
  path: '/v1/heartbeats',
  summary: 'Report what a gateway runs',
  description: [
    'Sent every few minutes and after every change. What it says of a canary may promote it or roll it',
    'back at once; the answer says what each reported channel serves now. Needs scope device.',
  ].join(' '),
  security: keySecurity,
  middleware: [requireKey('device'), limitHeartbeat],
  request: {
    body: { required: true, content: { 'application/json': { schema: heartbeatSchema } } },
  },
  responses: {
    200: {
      description: 'What to run',
      content: { 'application/json': { schema: heartbeatAnswerSchema } },
    },
    ...guardedProblems(400, 413, 415, 422),
  },
} as const satisfies Route;

export const listDevices = {
  method: 'get',
  path: '/v1/devices',
  summary: 'List gateways and what they run',
  description: `By name, at most ${MAX_LISTED_DEVICES}. Needs scope operator.`,
  security: keySecurity,
  middleware: [requireKey('operator')],
  responses: {
    200: { description: 'Devices', content: { 'application/json': { schema: deviceListSchema } } },
    ...guardedProblems(),
  },
} as const satisfies Route;

export const removeDevice = {
  method: 'delete',
  path: '/v1/devices/{device}',
  summary: 'Remove a gateway',
  description:
    'Revokes its keys and no longer waits for its heartbeats. It comes back by enrolment. Needs scope operator.',
  security: keySecurity,
  middleware: [requireKey('operator')],
  request: { params: z.object({ device: deviceNameSchema }) },
  responses: { 204: { description: 'Removed' }, ...guardedProblems(404, 422) },
} as const satisfies Route;

export function addDeviceRoutes(app: EdgeApp, cache: ReleaseCache): void {
  app.add(sendHeartbeat, async (c, valid) => {
    const database = c.env.REGISTRY;
    const device = deviceOf(c.get('caller'));
    const time = new Date().toISOString();
    await createDeviceStore(database).record(device, valid.json, time);
    const releases = createReleaseStore(database);
    const channels = await Promise.all(
      valid.json.models.map(async ({ model, channel }) => {
        const release = await releases.current(model, channel);
        // Devices may report models that were never released here, as after a move to another edge.
        if (release === undefined) return [];
        const now = await superviseRelease(release, { database });
        if (now.state !== release.state) cache.clear();
        return [{ model, channel, release: now.release, bundle: servedBundle(now, device) }];
      }),
    );
    return c.json({ time, channels: channels.flat() }, 200);
  });
  app.add(listDevices, async (c) =>
    c.json({ devices: await createDeviceStore(c.env.REGISTRY).list() }, 200),
  );
  app.add(removeDevice, async (c, valid) => {
    const { device } = valid.params;
    const known = await createDeviceStore(c.env.REGISTRY)
      .remove(device, c.get('caller'))
      .finally(c.get('callers').clear);
    if (known) return c.body(null, 204);
    throw new EdgeError('device-unknown', 'There is no such device', {
      field: 'device',
      value: device,
      allowed: 'the name of a device of GET /v1/devices',
    });
  });
}
