// Schemas of what only the edge's HTTP interface has; those of rows and answers are shared.
import { modelNameSchema } from '@dandan/shared/bundle';
import {
  channelNameSchema,
  deviceNameSchema,
  explainResponseSchema,
  predictOptionsSchema,
  predictResponseSchema,
  problemSchema,
} from '@dandan/shared/wire';
import * as z from 'zod';
import { AUDITED_ACTIONS } from '../audit/audit-log.ts';
import { DEFAULT_OVERLAP_MINUTES, MAX_OVERLAP_MINUTES } from '../auth/key-store.ts';
import { SCOPES } from '../auth/scope.ts';
import { ROLLOUT_STATES } from '../registry/release.ts';
import { described, named } from './documented.ts';

export const sha256Schema = described(
  'SHA-256 of the bundle file',
  z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits'),
);

export const displayNameSchema = z
  .string()
  .regex(/^[\w .:@-]{1,64}$/, 'letters, digits, space, _ . : @ - (1..64)');

export const modelParams = z.object({ model: modelNameSchema });
export const bundleParams = modelParams.extend({ sha256: sha256Schema });
export const channelParams = modelParams.extend({ channel: channelNameSchema });

const time = z.iso.datetime();

export const bundleSchema = named(
  'Bundle',
  z.object({
    model: z.string(),
    sha256: sha256Schema,
    bytes: z.int().min(1),
    version: z.string(),
    stages: z.int().min(1),
    created: time,
  }),
);

export const releaseSchema = named(
  'Release',
  z.object({
    model: z.string(),
    channel: z.string(),
    release: z.int().min(1),
    bundle: described('The bundle that the release brings', sha256Schema),
    fallback: described(
      'Where a rollback leads; null in the first release',
      sha256Schema.nullable(),
    ),
    state: z.enum(ROLLOUT_STATES),
    percent: described('Devices that try it while it is a canary', z.int().min(1).max(100)),
    created: time,
    deadline: described('When the canary ends at the latest', time.nullable()),
    ended: described('When it was promoted, rolled back or superseded', time.nullable()),
    reason: described('Why it is in its state', z.string()),
  }),
);

export const modelSchema = named(
  'Model',
  z.object({
    model: z.string(),
    bundles: z.array(bundleSchema),
    channels: z.array(releaseSchema),
  }),
);

export const modelListSchema = named(
  'ModelList',
  z.object({
    models: z.array(
      z.object({
        model: z.string(),
        bundles: described('Number of bundles', z.int().min(1)),
        channels: z.array(releaseSchema),
      }),
    ),
  }),
);

export const keyRequestSchema = named(
  'KeyRequest',
  z.strictObject({
    /** Shown in listings, so that a lost gateway's key can be found. */
    name: displayNameSchema,
    scope: z.enum(SCOPES),
    device: described('Name of the gateway that will hold it', deviceNameSchema.optional()),
  }),
);

export const keyRecordSchema = named(
  'Key',
  z.object({
    id: z.string(),
    name: z.string(),
    scope: z.enum(SCOPES),
    device: z.string().nullable(),
    created: time,
    revoked: time.nullable(),
    expires: described('A key that was replaced works until then', time.nullable()),
  }),
);

export const rotateRequestSchema = named(
  'KeyRotation',
  z.strictObject({
    overlapMinutes: described(
      'How long the old key goes on working',
      z.int().min(0).max(MAX_OVERLAP_MINUTES).default(DEFAULT_OVERLAP_MINUTES),
    ),
  }),
);

export const newKeySchema = named(
  'NewKey',
  keyRecordSchema
    .omit({ revoked: true, expires: true })
    .extend({ key: described('The secret; it is shown this once', z.string()) }),
);

export const auditLogSchema = named(
  'AuditLog',
  z.object({
    entries: z.array(
      z.object({
        id: described('Ascends with time', z.int().min(1)),
        at: time,
        key: described(
          'The key that wrote, by the name it had then',
          z.object({ id: z.string(), name: z.string() }),
        ),
        action: z.enum(AUDITED_ACTIONS),
        target: z.string(),
        detail: z.string(),
      }),
    ),
  }),
);

export const explainResponse = named('ExplainResponse', explainResponseSchema);

export const predictResponse = named('PredictResponse', predictResponseSchema);

/** `value` is any JSON; the recursive schema that says so has no place in a component. */
export const problem = named('Problem', problemSchema.extend({ value: z.unknown().optional() }));

/** Options of a prediction as query parameters; a field of a JSON body wins over them. */
export const predictQuery = z.strictObject({
  ...predictOptionsSchema.shape,
  channel: channelNameSchema.optional(),
  policy: predictOptionsSchema.shape.policy.removeDefault().optional(),
  maxStage: z.coerce.number().int().min(1).optional(),
  exit: predictOptionsSchema.shape.exit.removeDefault().optional(),
  batchThreshold: z.coerce.number().min(0).max(1).optional(),
  maxMacs: z.coerce.number().min(0).optional(),
  deadlineMs: z.coerce.number().min(0).optional(),
});

/** The draft's header (draft-ietf-httpapi-idempotency-key-header) bounded to what a log line takes. */
export const escalationHeaders = z.object({
  'idempotency-key': z.string().regex(/^[\x21-\x7e]{1,128}$/, '1..128 visible ASCII characters'),
});
