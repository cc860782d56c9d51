// Whose signature makes a release: public keys, added and revoked by operators.
import { PUBLIC_KEY_BYTES } from '@dandan/shared/release';
import * as z from 'zod';
import { requireKey } from '../auth/require-key.ts';
import { limitJson } from '../http/limit-json.ts';
import { described, named } from '../openapi/documented.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { displayNameSchema } from '../openapi/schemas.ts';
import { EdgeError } from '../problem/edge-error.ts';
import { createSigningKeyStore, MAX_SIGNING_KEYS } from '../registry/signing-key-store.ts';

const keyId = described(
  'SHA-256 of the raw public key',
  z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits'),
);

const publicKey = described(
  `Base64 of the ${PUBLIC_KEY_BYTES} raw bytes of an Ed25519 public key`,
  z.base64().length(44),
);

const signingKeySchema = named(
  'SigningKey',
  z.object({
    id: keyId,
    name: z.string(),
    publicKey,
    created: z.iso.datetime(),
    revoked: z.iso.datetime().nullable(),
  }),
);

export const addSigningKey = {
  method: 'post',
  path: '/v1/signing-keys',
  summary: 'Trust a signing key',
  description: `Releases signed by it are accepted from now on; at most ${MAX_SIGNING_KEYS} at a time. Adding one twice changes nothing, and one that was revoked stays so. Needs scope operator.`,
  security: keySecurity,
  middleware: [requireKey('operator'), limitJson],
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: named(
            'SigningKeyRequest',
            z.strictObject({ name: displayNameSchema, publicKey }),
          ),
        },
      },
    },
  },
  responses: {
    201: { description: 'The key', content: { 'application/json': { schema: signingKeySchema } } },
    ...guardedProblems(400, 409, 413, 415, 422),
  },
} as const satisfies Route;

export const listSigningKeys = {
  method: 'get',
  path: '/v1/signing-keys',
  summary: 'List signing keys',
  description: 'Newest first, revoked ones too. They are public halves: scope predict is enough.',
  security: keySecurity,
  middleware: [requireKey('predict')],
  responses: {
    200: {
      description: 'Signing keys',
      content: {
        'application/json': {
          schema: named('SigningKeyList', z.object({ signingKeys: z.array(signingKeySchema) })),
        },
      },
    },
    ...guardedProblems(),
  },
} as const satisfies Route;

export const revokeSigningKey = {
  method: 'delete',
  path: '/v1/signing-keys/{id}',
  summary: 'No longer trust a signing key',
  description:
    'Its releases stay what they are; new ones need another key. Cannot be undone. Needs scope operator.',
  security: keySecurity,
  middleware: [requireKey('operator')],
  request: { params: z.object({ id: keyId }) },
  responses: { 204: { description: 'Revoked' }, ...guardedProblems(404, 422) },
} as const satisfies Route;

export function addSigningKeyRoutes(app: EdgeApp): void {
  app.add(addSigningKey, async (c, valid) => {
    const key = await createSigningKeyStore(c.env.REGISTRY).add(valid.json, c.get('caller'));
    if (key !== undefined) return c.json(key, 201);
    throw new EdgeError('signing-keys-full', `${MAX_SIGNING_KEYS} keys are trusted already`, {
      field: 'publicKey',
      allowed: 'a new key once another is revoked',
    });
  });
  app.add(listSigningKeys, async (c) =>
    c.json({ signingKeys: await createSigningKeyStore(c.env.REGISTRY).list() }, 200),
  );
  app.add(revokeSigningKey, async (c, valid) => {
    const { id } = valid.params;
    const store = createSigningKeyStore(c.env.REGISTRY);
    if (await store.revoke(id, c.get('caller'))) return c.body(null, 204);
    throw new EdgeError('signing-key-unknown', 'There is no such signing key', {
      field: 'id',
      value: id,
      allowed: 'the id of a key of GET /v1/signing-keys',
    });
  });
}
