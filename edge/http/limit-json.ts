// Bounds the small JSON bodies of the registry before a validator reads them.
import type { MiddlewareHandler } from 'hono';
import { readBoundedBody } from './read-bounded-body.ts';

/** A name, a scope, a signed pointer: nothing the registry takes as JSON is longer. */
export const MAX_JSON_BYTES = 4096;

/** 32 models, each with a reason of 200 characters of up to 4 bytes. */
export const MAX_HEARTBEAT_BYTES = 64 * 1024;

/** 32 rules, 250 exceptions with long names and all steps are 48 kB. */
export const MAX_POLICY_BYTES = 64 * 1024;

/** Middleware that refuses bodies above `bytes` with `body-too-large`. */
function limitBody(bytes: number): MiddlewareHandler {
  return async function limitBody(c, next) {
    const body = await readBoundedBody(c.req.raw, bytes);
    if (c.req.raw.body !== null) c.req.raw = new Request(c.req.raw, { body });
    await next();
  };
}

export const limitJson = limitBody(MAX_JSON_BYTES);
export const limitHeartbeat = limitBody(MAX_HEARTBEAT_BYTES);
export const limitPolicy = limitBody(MAX_POLICY_BYTES);
