// Bounds the small JSON bodies of the registry before a validator reads them.
import type { MiddlewareHandler } from 'hono';
import { EdgeError } from '../problem/edge-error.ts';
import { readBody } from './read-body.ts';

/** A name, a scope, a hash: nothing the registry takes as JSON is longer. */
export const MAX_JSON_BYTES = 4096;

/** An error for a body beyond `maxBytes`. */
export function bodyTooLarge(maxBytes: number): (bytes: number) => EdgeError {
  return (bytes) =>
    new EdgeError('body-too-large', `The body has ${bytes} bytes or more`, {
      field: 'body',
      value: bytes,
      allowed: `at most ${maxBytes} bytes`,
    });
}

/** Middleware that refuses bodies above {@linkcode MAX_JSON_BYTES} with `body-too-large`. */
export const limitJson: MiddlewareHandler = async function limitJson(c, next) {
  const options = { maxBytes: MAX_JSON_BYTES, tooLarge: bodyTooLarge(MAX_JSON_BYTES) };
  const body = await readBody(c.req.raw, options);
  if (c.req.raw.body !== null) c.req.raw = new Request(c.req.raw, { body });
  await next();
};
