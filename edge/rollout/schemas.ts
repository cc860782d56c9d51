// What the routes of channels and rollouts take and give.
import { envelopeSchema } from '@dandan/shared/release';
import { printable } from '@dandan/shared/wire';
import * as z from 'zod';
import { described, named } from '../openapi/documented.ts';
import { releaseSchema, sha256Schema } from '../openapi/schemas.ts';
import { criteriaSchema } from '../registry/rollout-criteria.ts';

const percent = described('Percent of devices that try it', z.int().min(1).max(99));

export const pointerEnvelope = named('SignedPointer', envelopeSchema);

export const publishRequestSchema = named(
  'PublishRequest',
  z.strictObject({
    pointer: pointerEnvelope,
    canary: described(
      'Try the release on a share of the devices first; without it all get it at once',
      criteriaSchema.extend({ percent }).optional(),
    ),
  }),
);

export const channelSchema = named(
  'Channel',
  releaseSchema.extend({
    serve: described('The bundle that the caller is served', sha256Schema),
    pointer: described(
      'As it was signed; null where it is older than signatures',
      z.nullable(pointerEnvelope),
    ),
    criteria: described('What ends the canary', z.nullable(criteriaSchema)),
  }),
);

export const releaseListSchema = named(
  'ReleaseList',
  z.object({ releases: z.array(releaseSchema) }),
);

/** A reason is read in a table. */
const reason = printable(1, 200);

const release = described('The release that is meant: it must still be the newest', z.int().min(1));

export const rolloutChangeSchema = named(
  'RolloutChange',
  z.strictObject({
    release,
    action: z.enum(['promote', 'rollback', 'widen']),
    percent: described('Only and always with `widen`', percent.optional()),
    reason: reason.optional(),
  }),
);
