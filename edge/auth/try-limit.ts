// How often an address may try a secret. Secrets have 100 bits and more: this spares the database.
import type { Context } from 'hono';
import { EdgeError } from '../problem/edge-error.ts';
import { createRateLimit, PERIOD_MS } from './rate-limit.ts';

/** Of one address in a period. */
const MAX_TRIES = 20;

/**
 * A limit of its own for one route.
 *
 * @param field the secret's name in the body.
 * @returns a check that throws {EdgeError} `rate-limited` where the address has no try left.
 */
export function createTryLimit(field: string): (c: Context) => void {
  const tries = createRateLimit({ requests: MAX_TRIES });
  return (c) => {
    if (tries.admits(c.req.header('cf-connecting-ip') ?? 'here')) return;
    throw new EdgeError('rate-limited', `Too many ${field}s were tried`, {
      field,
      allowed: `${MAX_TRIES} in ten seconds`,
      headers: { 'retry-after': String(PERIOD_MS / 1000) },
    });
  };
}
