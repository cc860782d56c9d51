// Enrolment of gateways: an operator makes a one-time code, the gateway changes it into its key.
import { deviceNameSchema } from '@dandan/shared/wire';
import * as z from 'zod';
import { requireKey } from '../auth/require-key.ts';
import { createTryLimit } from '../auth/try-limit.ts';
import {
  createEnrolmentStore,
  DEFAULT_ENROLMENT_MINUTES,
  MAX_ENROLMENT_MINUTES,
  MAX_LISTED_ENROLMENTS,
} from '../devices/enrolment-store.ts';
import { limitJson } from '../http/limit-json.ts';
import { described, named } from '../openapi/documented.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity, problems } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { EdgeError } from '../problem/edge-error.ts';
import { createSigningKeyStore } from '../registry/signing-key-store.ts';

const time = z.iso.datetime();

const enrolmentSchema = named(
  'Enrolment',
  z.object({
    id: z.string(),
    device: z.string(),
    created: time,
    expires: time,
    used: time.nullable(),
  }),
);

export const createEnrolment = {
  method: 'post',
  path: '/v1/enrolments',
  summary: 'Make a one-time code for a gateway',
  description:
    'The code is shown this once. Used before it expires it becomes a key of scope device, bound to the name. Needs scope operator.',
  security: keySecurity,
  middleware: [requireKey('operator'), limitJson],
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: named(
            'EnrolmentRequest',
            z.strictObject({
              device: deviceNameSchema,
              minutes: described(
                'How long the code can be used',
                z.int().min(1).max(MAX_ENROLMENT_MINUTES).default(DEFAULT_ENROLMENT_MINUTES),
              ),
            }),
          ),
        },
      },
    },
  },
  responses: {
    201: {
      description: 'The code',
      content: {
        'application/json': {
          schema: named('NewEnrolment', enrolmentSchema.extend({ code: z.string() })),
        },
      },
    },
    ...guardedProblems(400, 413, 415, 422),
  },
} as const satisfies Route;

export const listEnrolments = {
  method: 'get',
  path: '/v1/enrolments',
  summary: 'List enrolments without their codes',
  description: `Newest first, at most ${MAX_LISTED_ENROLMENTS}. Needs scope operator.`,
  security: keySecurity,
  middleware: [requireKey('operator')],
  responses: {
    200: {
      description: 'Enrolments',
      content: {
        'application/json': {
          schema: named('EnrolmentList', z.object({ enrolments: z.array(enrolmentSchema) })),
        },
      },
    },
    ...guardedProblems(),
  },
} as const satisfies Route;

export const cancelEnrolment = {
  method: 'delete',
  path: '/v1/enrolments/{id}',
  summary: 'Make a code useless',
  description: 'A key that was made of it already is revoked as any other. Needs scope operator.',
  security: keySecurity,
  middleware: [requireKey('operator')],
  request: { params: z.object({ id: z.uuid() }) },
  responses: { 204: { description: 'Cancelled' }, ...guardedProblems(404, 422) },
} as const satisfies Route;

export const enrol = {
  method: 'post',
  path: '/v1/enrol',
  summary: 'Change a one-time code into a key',
  description: [
    'Needs no key: the code is one, and works once. A gateway that loses the answer needs a new code.',
    'It also learns the signing keys whose releases it may take up, and trusts no other from then on.',
  ].join(' '),
  middleware: [limitJson],
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: named(
            'EnrolRequest',
            z.strictObject({
              code: described('Case, spaces and hyphens do not matter', z.string().min(1).max(64)),
            }),
          ),
        },
      },
    },
  },
  responses: {
    201: {
      description: 'The key of the gateway',
      content: {
        'application/json': {
          schema: named(
            'Enrolled',
            z.object({
              device: z.string(),
              id: described('Id of the key', z.string()),
              key: described('The secret; it is shown this once', z.string()),
              signingKeys: z.array(z.object({ id: z.string(), publicKey: z.string() })),
            }),
          ),
        },
      },
    },
    ...problems(400, 401, 413, 415, 422, 429),
  },
} as const satisfies Route;

const NO_STORE = { 'cache-control': 'no-store' };

export function addEnrolmentRoutes(app: EdgeApp): void {
  const checkTries = createTryLimit('code');
  app.add(createEnrolment, async (c, valid) => {
    const store = createEnrolmentStore(c.env.REGISTRY);
    const { record, code } = await store.create(valid.json, c.get('caller'));
    return c.json({ ...record, code }, 201, NO_STORE);
  });
  app.add(listEnrolments, async (c) =>
    c.json({ enrolments: await createEnrolmentStore(c.env.REGISTRY).list() }, 200),
  );
  app.add(cancelEnrolment, async (c, valid) => {
    const { id } = valid.params;
    const store = createEnrolmentStore(c.env.REGISTRY);
    if (await store.cancel(id, c.get('caller'))) return c.body(null, 204);
    throw new EdgeError('enrolment-unknown', 'There is no such enrolment', {
      field: 'id',
      value: id,
      allowed: 'the id of an enrolment of GET /v1/enrolments',
    });
  });
  app.add(enrol, async (c, valid) => {
    checkTries(c);
    const enrolled = await createEnrolmentStore(c.env.REGISTRY).redeem(valid.json.code);
    if (enrolled === undefined) {
      throw new EdgeError('code-invalid', 'The code is unknown, used or has run out', {
        field: 'code',
        allowed: 'a code of POST /v1/enrolments, once and in time',
      });
    }
    const { id, device, secret } = enrolled;
    const keys = await createSigningKeyStore(c.env.REGISTRY).list();
    const signingKeys = keys
      .filter(({ revoked }) => revoked === null)
      .map((each) => ({ id: each.id, publicKey: each.publicKey }));
    return c.json({ device, id, key: secret, signingKeys }, 201, NO_STORE);
  });
}
