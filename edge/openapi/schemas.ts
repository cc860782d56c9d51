// Schemas of what only the edge's HTTP interface has; those of rows and answers are shared.
import { modelNameSchema } from '@dandan/shared/bundle';
import {
  channelNameSchema,
  predictOptionsSchema,
  predictResponseSchema,
  problemSchema,
} from '@dandan/shared/wire';
import { z } from '@hono/zod-openapi';
import { SCOPES } from '../auth/scope.ts';
import { documented } from './documented.ts';

export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits')
  .openapi({ description: 'SHA-256 of the bundle file' });

export const modelParams = z.object({ model: modelNameSchema });
export const bundleParams = modelParams.extend({ sha256: sha256Schema });
export const channelParams = modelParams.extend({ channel: channelNameSchema });

const time = z.iso.datetime();

export const bundleSchema = z
  .object({
    model: z.string(),
    sha256: sha256Schema,
    bytes: z.int().min(1),
    version: z.string(),
    stages: z.int().min(1),
    created: time,
  })
  .openapi('Bundle');

export const releaseSchema = z
  .object({
    model: z.string(),
    channel: z.string(),
    release: z.int().min(1),
    bundle: sha256Schema,
    created: time,
  })
  .openapi('Release');

export const releaseRequestSchema = z
  .strictObject({ bundle: sha256Schema })
  .openapi('ReleaseRequest');

export const modelSchema = z
  .object({
    model: z.string(),
    bundles: z.array(bundleSchema),
    channels: z.array(releaseSchema),
  })
  .openapi('Model');

export const modelListSchema = z
  .object({
    models: z.array(
      z.object({
        model: z.string(),
        bundles: z.int().min(1).openapi({ description: 'Number of bundles' }),
        channels: z.array(releaseSchema),
      }),
    ),
  })
  .openapi('ModelList');

export const keyRequestSchema = z
  .strictObject({
    /** Shown in listings, so that a lost gateway's key can be found. */
    name: z.string().regex(/^[\w .:@-]{1,64}$/, 'letters, digits, space, _ . : @ - (1..64)'),
    scope: z.enum(SCOPES),
  })
  .openapi('KeyRequest');

export const keyRecordSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    scope: z.enum(SCOPES),
    created: time,
    revoked: time.nullable(),
  })
  .openapi('Key');

export const newKeySchema = keyRecordSchema
  .omit({ revoked: true })
  .extend({ key: z.string().openapi({ description: 'The secret; it is shown this once' }) })
  .openapi('NewKey');

export const predictResponse = documented('PredictResponse', predictResponseSchema);

/** `value` is any JSON; the recursive schema that says so has no place in a component. */
export const problem = documented(
  'Problem',
  problemSchema.extend({ value: z.unknown().optional() }),
);

/** Options of a prediction as query parameters; a field of a JSON body wins over them. */
export const predictQuery = z.strictObject({
  ...predictOptionsSchema.shape,
  channel: channelNameSchema.optional(),
  policy: predictOptionsSchema.shape.policy.removeDefault().optional(),
  maxStage: z.coerce.number().int().min(1).optional(),
});

/** The draft's header (draft-ietf-httpapi-idempotency-key-header) bounded to what a log line takes. */
export const escalationHeaders = z.object({
  'idempotency-key': z.string().regex(/^[\x21-\x7e]{1,128}$/, '1..128 visible ASCII characters'),
});
