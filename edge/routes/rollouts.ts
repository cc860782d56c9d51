// A person's hand on a rollout: promote it, widen it, roll it back.
import { InputError } from '@dandan/shared/error';
import type * as z from 'zod';
import { requireKey } from '../auth/require-key.ts';
import { deviceOf } from '../devices/device-store.ts';
import { limitJson } from '../http/limit-json.ts';
import { findRelease } from '../inference/load-cascade.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { channelParams } from '../openapi/schemas.ts';
import type { ReleaseCache } from '../registry/release-cache.ts';
import { createReleaseStore, type RolloutChange } from '../registry/release-store.ts';
import { releaseConflict, rolloutOver } from '../rollout/release-problems.ts';
import { channelSchema, rolloutChangeSchema } from '../rollout/schemas.ts';
import { channelAnswer } from './channels.ts';

export const changeRollout = {
  method: 'post',
  path: '/v1/models/{model}/channels/{channel}/rollout',
  summary: 'Promote, widen or roll back the newest release',
  description: [
    'A canary may be promoted, widened or rolled back, a promoted release rolled back. No other bundle',
    'than the two that were signed can be reached this way, and what was rolled back comes back by a new',
    'release only. Needs scope operator.',
  ].join(' '),
  security: keySecurity,
  middleware: [requireKey('operator'), limitJson],
  request: {
    params: channelParams,
    body: { required: true, content: { 'application/json': { schema: rolloutChangeSchema } } },
  },
  responses: {
    200: {
      description: 'The release as it is now',
      content: { 'application/json': { schema: channelSchema } },
    },
    ...guardedProblems(400, 404, 409, 413, 415, 422),
  },
} as const satisfies Route;

type Request = z.output<typeof rolloutChangeSchema>;

function changeOf({ action, percent, reason }: Request, by: string): RolloutChange {
  if ((action === 'widen') !== (percent !== undefined)) {
    throw new InputError('option-invalid', "'percent' belongs to 'widen'", {
      field: 'percent',
      value: percent,
      allowed: "1..99 with action 'widen', and only with it",
    });
  }
  const words = reason ?? `by ${by}`;
  switch (action) {
    case 'promote':
      return { action: 'rollout-promote', from: ['canary'], to: 'promoted', reason: words };
    case 'rollback':
      return {
        action: 'rollout-rollback',
        from: ['canary', 'promoted'],
        to: 'rolled-back',
        reason: words,
      };
    case 'widen':
      return {
        action: 'rollout-widen',
        from: ['canary'],
        to: 'canary',
        reason: `${percent} %: ${words}`,
        ...(percent !== undefined && { percent }),
      };
  }
}

export function addRolloutRoute(app: EdgeApp, releases: ReleaseCache): void {
  app.add(changeRollout, async (c, valid) => {
    const { params, json } = valid;
    const caller = c.get('caller');
    const change = changeOf(json, caller.name);
    const store = createReleaseStore(c.env.REGISTRY);
    const before = await findRelease({ env: c.env, ...params });
    if (before.release !== json.release) throw releaseConflict('release', json.release, before);
    if (change.to === 'rolled-back' && before.fallback === null) {
      throw rolloutOver(before, json.action);
    }
    const changed = await store.change(before, change, caller).finally(releases.clear);
    const now = await findRelease({ env: c.env, ...params });
    if (changed) return c.json(channelAnswer(now, deviceOf(caller)), 200);
    if (now.release !== json.release) throw releaseConflict('release', json.release, now);
    throw rolloutOver(now, json.action);
  });
}
