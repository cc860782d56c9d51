// Keys of gateways, operators and applications: made, listed, revoked by operators.
import * as z from 'zod';
import { BOOTSTRAP_ID } from '../auth/caller-cache.ts';
import { createKeyStore, MAX_LISTED_KEYS, type NewKey } from '../auth/key-store.ts';
import { checkScope, requireKey } from '../auth/require-key.ts';
import { KEPT_MS } from '../cache/brief-cache.ts';
import { limitJson } from '../http/limit-json.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import {
  keyRecordSchema,
  keyRequestSchema,
  newKeySchema,
  rotateRequestSchema,
} from '../openapi/schemas.ts';
import { EdgeError } from '../problem/edge-error.ts';

export const createKey = {
  method: 'post',
  path: '/v1/keys',
  summary: 'Make a key',
  description: 'The answer is the only time the key is shown. Needs scope operator.',
  security: keySecurity,
  middleware: [requireKey('operator'), limitJson],
  request: {
    body: { required: true, content: { 'application/json': { schema: keyRequestSchema } } },
  },
  responses: {
    201: { description: 'The key', content: { 'application/json': { schema: newKeySchema } } },
    ...guardedProblems(400, 413, 415, 422),
  },
} as const satisfies Route;

export const listKeys = {
  method: 'get',
  path: '/v1/keys',
  summary: 'List keys without their secrets',
  description: `Newest first, at most ${MAX_LISTED_KEYS}. Needs scope operator.`,
  security: keySecurity,
  middleware: [requireKey('operator')],
  responses: {
    200: {
      description: 'Keys',
      content: { 'application/json': { schema: z.object({ keys: z.array(keyRecordSchema) }) } },
    },
    ...guardedProblems(),
  },
} as const satisfies Route;

export const revokeKey = {
  method: 'delete',
  path: '/v1/keys/{id}',
  summary: 'Revoke a key',
  description: `Works at once where it is answered, within ${KEPT_MS / 1000} seconds everywhere, and cannot be undone; revoking twice is no error. Needs scope operator.`,
  security: keySecurity,
  middleware: [requireKey('operator')],
  request: { params: z.object({ id: z.uuid() }) },
  responses: { 204: { description: 'Revoked' }, ...guardedProblems(404, 422) },
} as const satisfies Route;

export const rotateKey = {
  method: 'post',
  path: '/v1/keys/{id}/rotate',
  summary: 'Replace a key',
  description: [
    'Makes a successor of the same name, scope and device, shown this once; the old key works for',
    '`overlapMinutes` more. Any key may replace itself, as `self`; others need scope operator. The',
    'bootstrap key is a secret of the deployment and is changed there.',
  ].join(' '),
  security: keySecurity,
  middleware: [requireKey('predict'), limitJson],
  request: {
    params: z.object({ id: z.union([z.literal('self'), z.uuid()]) }),
    body: { required: true, content: { 'application/json': { schema: rotateRequestSchema } } },
  },
  responses: {
    201: { description: 'The new key', content: { 'application/json': { schema: newKeySchema } } },
    ...guardedProblems(400, 404, 409, 413, 415, 422),
  },
} as const satisfies Route;

/** The answer that shows a secret: never cached. */
const NO_STORE = { 'cache-control': 'no-store' };

const newKeyAnswer = ({ record, secret }: NewKey) => {
  const { id, name, scope, device, created } = record;
  return { id, name, scope, device, created, key: secret };
};

const keyUnknown = (id: string) =>
  new EdgeError('key-unknown', 'There is no key of this id', {
    field: 'id',
    value: id,
    allowed: 'the id of a key that was made here',
  });

export function addKeyRoutes(app: EdgeApp): void {
  app.add(createKey, async (c, valid) => {
    const key = await createKeyStore(c.env.REGISTRY).create(valid.json, c.get('caller'));
    return c.json(newKeyAnswer(key), 201, NO_STORE);
  });
  app.add(listKeys, async (c) =>
    c.json({ keys: await createKeyStore(c.env.REGISTRY).list() }, 200),
  );
  app.add(revokeKey, async (c, valid) => {
    const { id } = valid.params;
    const known = await createKeyStore(c.env.REGISTRY)
      .revoke(id, c.get('caller'))
      // Also where the answer of the database was lost: the write may have been made.
      .finally(c.get('callers').clear);
    if (known) return c.body(null, 204);
    throw keyUnknown(id);
  });
  app.add(rotateKey, async (c, valid) => {
    const caller = c.get('caller');
    const id = valid.params.id === 'self' ? caller.id : valid.params.id;
    if (id !== caller.id) checkScope(caller, 'operator');
    if (id === BOOTSTRAP_ID) {
      throw new EdgeError('key-fixed', 'The bootstrap key is a secret of the deployment', {
        field: 'id',
        value: valid.params.id,
        allowed: 'the id of a key that was made here',
      });
    }
    const key = await createKeyStore(c.env.REGISTRY)
      .rotate(id, valid.json, caller)
      .finally(c.get('callers').clear);
    if (key === undefined) throw keyUnknown(id);
    return c.json(newKeyAnswer(key), 201, NO_STORE);
  });
}
