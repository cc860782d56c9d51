// Sign-in at the dashboard: an operator's key for a cookie.
import * as z from 'zod';
import { checkScope, requireKey } from '../auth/require-key.ts';
import { createTryLimit } from '../auth/try-limit.ts';
import { limitJson } from '../http/limit-json.ts';
import { described, named } from '../openapi/documented.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity, problems } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { EdgeError } from '../problem/edge-error.ts';
import { deleteSessionCookie, readSessionCookie, setSessionCookie } from '../session/cookie.ts';
import { isSameOrigin } from '../session/same-origin.ts';
import { createSessionStore, SESSION_HOURS } from '../session/session-store.ts';

const sessionSchema = named(
  'Session',
  z.object({
    name: described('Name of the key', z.string()),
    scope: z.string(),
  }),
);

export const openSession = {
  method: 'post',
  path: '/v1/session',
  summary: 'Sign in at the dashboard',
  description: `Changes an operator's key for a cookie that lasts ${SESSION_HOURS} hours and ends with the key. For pages of this origin alone.`,
  middleware: [limitJson],
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: named('SignIn', z.strictObject({ key: z.string().min(1).max(256) })),
        },
      },
    },
  },
  responses: {
    201: { description: 'Signed in', content: { 'application/json': { schema: sessionSchema } } },
    ...problems(400, 401, 403, 413, 415, 422, 429),
  },
} as const satisfies Route;

export const showSession = {
  method: 'get',
  path: '/v1/session',
  summary: 'Show who is signed in',
  description: 'Works with a key, too.',
  security: keySecurity,
  middleware: [requireKey('predict')],
  responses: {
    200: { description: 'The caller', content: { 'application/json': { schema: sessionSchema } } },
    ...guardedProblems(),
  },
} as const satisfies Route;

export const closeSession = {
  method: 'delete',
  path: '/v1/session',
  summary: 'Sign out',
  description: 'Signing out twice is no error.',
  responses: { 204: { description: 'Signed out' }, ...problems(403) },
} as const satisfies Route;

const foreignOrigin = () =>
  new EdgeError('origin-foreign', 'Only pages of this origin may do that', {
    field: 'origin',
    allowed: 'the origin of this edge',
  });

const NO_STORE = { 'cache-control': 'no-store' };

export function addSessionRoutes(app: EdgeApp): void {
  const checkTries = createTryLimit('key');
  app.add(openSession, async (c, valid) => {
    if (!isSameOrigin(c.req.raw)) throw foreignOrigin();
    checkTries(c);
    const caller = await c.get('callers').find(c.env, valid.json.key);
    if (caller === undefined) {
      throw new EdgeError('key-invalid', 'The key is unknown, revoked or malformed', {
        field: 'key',
        allowed: 'a key that was made here and is not revoked',
      });
    }
    checkScope(caller, 'operator');
    const { token } = await createSessionStore(c.env.REGISTRY).open(caller);
    setSessionCookie(c, token);
    return c.json({ name: caller.name, scope: caller.scope }, 201, NO_STORE);
  });
  app.add(showSession, (c) => {
    const { name, scope } = c.get('caller');
    return c.json({ name, scope }, 200, NO_STORE);
  });
  app.add(closeSession, async (c) => {
    if (!isSameOrigin(c.req.raw)) throw foreignOrigin();
    const token = readSessionCookie(c);
    if (token !== undefined) await createSessionStore(c.env.REGISTRY).close(token);
    deleteSessionCookie(c);
    return c.body(null, 204);
  });
}
