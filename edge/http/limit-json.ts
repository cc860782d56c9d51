// Bounds the small JSON bodies of the registry before a validator reads them.
import type { MiddlewareHandler } from 'hono';
import { readBoundedBody } from './read-bounded-body.ts';

/** A name, a scope, a hash: nothing the registry takes as JSON is longer. */
export const MAX_JSON_BYTES = 4096;

/** Middleware that refuses bodies above {@linkcode MAX_JSON_BYTES} with `body-too-large`. */
export const limitJson: MiddlewareHandler = async function limitJson(c, next) {
  const body = await readBoundedBody(c.req.raw, MAX_JSON_BYTES);
  if (c.req.raw.body !== null) c.req.raw = new Request(c.req.raw, { body });
  await next();
};
