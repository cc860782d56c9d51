// Guards a route: a valid key of sufficient scope, checked before the body is read.
import type { Context, MiddlewareHandler } from 'hono';
import { besideOf } from '../cache/beside.ts';
import type { EdgeEnv } from '../env.ts';
import { EdgeError } from '../problem/edge-error.ts';
import { readSessionCookie } from '../session/cookie.ts';
import { isSameOrigin } from '../session/same-origin.ts';
import { createSessionStore } from '../session/session-store.ts';
import { MAX_REQUESTS, PERIOD_MS, type RateLimit } from './rate-limit.ts';
import { type Caller, includesScope, type Scope } from './scope.ts';

const REALM = 'Bearer realm="dandan"';

/** Keys are 46 characters; nobody needs a bootstrap secret longer than this. */
const BEARER = /^Bearer ([\x21-\x7e]{1,256})$/i;

/**
 * Middleware that admits callers whose key, or session at the dashboard, includes `scope`.
 *
 * A key that was found is kept for a few seconds: one that is revoked stops working at once where
 * it was revoked, and within that time everywhere.
 *
 * @throws {EdgeError} `key-missing`, `key-invalid`, `rate-limited` or `scope-missing`.
 */
export function requireKey(scope: Scope): MiddlewareHandler<EdgeEnv> {
  return async function checkKey(c, next) {
    const header = c.req.header('authorization');
    const session = header === undefined ? readSessionCookie(c) : undefined;
    if (header === undefined && session === undefined) {
      throw new EdgeError('key-missing', 'This route needs a key', {
        field: 'authorization',
        allowed: 'Bearer and a key',
        headers: { 'www-authenticate': REALM },
      });
    }
    const caller =
      session === undefined ? await findByKey(c, header) : await findBySession(c, session);
    if (caller === undefined) {
      throw new EdgeError('key-invalid', 'The key is unknown, revoked or malformed', {
        field: 'authorization',
        allowed: 'Bearer and a key that was made here and is not revoked',
        headers: { 'www-authenticate': `${REALM}, error="invalid_token"` },
      });
    }
    checkRate(c.get('rateLimit'), caller);
    checkScope(caller, scope);
    c.set('caller', caller);
    await next();
  };
}

function findByKey(
  c: Context<EdgeEnv>,
  header = '',
): Caller | undefined | Promise<Caller | undefined> {
  const secret = BEARER.exec(header)?.[1];
  return secret === undefined ? undefined : c.get('callers').find(c.env, secret, besideOf(c));
}

/** @throws {EdgeError} `origin-foreign` where another site's page makes the request. */
function findBySession(c: Context<EdgeEnv>, token: string): Promise<Caller | undefined> {
  if (isSameOrigin(c.req.raw)) return createSessionStore(c.env.REGISTRY).find(token);
  throw new EdgeError('origin-foreign', 'A session is for the pages of this origin', {
    field: 'origin',
    allowed: 'the origin of this edge, or a key',
  });
}

/** @throws {EdgeError} `scope-missing` where the caller's key does not include `scope`. */
export function checkScope(caller: Caller, scope: Scope): void {
  if (includesScope(caller.scope, scope)) return;
  throw new EdgeError('scope-missing', `The key has scope ${caller.scope}, not ${scope}`, {
    field: 'authorization',
    value: caller.scope,
    allowed: scope,
    headers: { 'www-authenticate': `${REALM}, error="insufficient_scope", scope="${scope}"` },
  });
}

/** @throws {EdgeError} `rate-limited` where the key's requests of this period are spent. */
function checkRate(limit: RateLimit, { id, name }: Caller): void {
  if (limit.admits(id)) return;
  throw new EdgeError('rate-limited', `Key '${name}' asks too often`, {
    field: 'authorization',
    value: name,
    allowed: `${MAX_REQUESTS} requests in ${PERIOD_MS / 1000} seconds: put more rows into each`,
    headers: { 'retry-after': String(PERIOD_MS / 1000) },
  });
}
