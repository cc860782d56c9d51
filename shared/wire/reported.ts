// What a gateway made of what operators want, retained on `…/reported`.
import * as z from 'zod';
import { POLICY_NAMES } from '../policy/index.ts';
import { printable } from './printable.ts';

/** Longest reason of a refusal: names the field, the value and what is allowed. */
export const MAX_REPORTED_REASON = 300;

/** How an update goes on: from the pointer to the bundle that runs, or back. */
export const UPDATE_STATES = [
  'init',
  'download',
  'verify',
  'canary',
  'commit',
  'rollback',
  'failed',
] as const;

const reason = printable(0, MAX_REPORTED_REASON);
const version = z.int().min(0);

const outcome = z.discriminatedUnion('outcome', [
  z.strictObject({ outcome: z.literal('accepted'), version }),
  z.strictObject({
    outcome: z.literal('refused'),
    /** The version that was refused; what was in force before stays. */
    version,
    code: z.enum(['field-invalid', 'field-unknown', 'not-allowed', 'failed']),
    reason,
  }),
]);

export const reportedSchema = z.strictObject({
  /** Wall clock of the gateway, milliseconds since the epoch. */
  t: z.number(),
  software: z.string(),
  /** Start of the gateway, milliseconds since the epoch. */
  since: z.number(),
  /** Version acted on; 0: none so far, or cleared. */
  version,
  /** The next version has to be above this one. */
  highest: version,
  /** Why the newest message as a whole was not acted on; absent where it was. */
  problem: z
    .strictObject({
      code: z.enum(['too-large', 'not-json', 'version-invalid', 'version-old', 'version-reused']),
      reason,
    })
    .optional(),
  /** By field of the desired message, and `models.{model}`. */
  fields: z.record(z.string(), outcome),
  policy: z.strictObject({
    policy: z.enum(POLICY_NAMES),
    maxStage: z.int().min(1).optional(),
    /** Who decided: a person at the gateway goes before `…/desired`, and that before the file. */
    source: z.enum(['override', 'remote', 'config']),
    reason: z.string(),
    /** When a local override ends, milliseconds since the epoch. */
    until: z.number().optional(),
  }),
  models: z.array(
    z.strictObject({
      model: z.string(),
      /** Absent: none runs yet. */
      bundle: z.string().optional(),
      channel: z.string().optional(),
      release: z.int().min(1).optional(),
      stages: z.int().min(0),
      update: z.strictObject({
        state: z.enum(UPDATE_STATES),
        /** Bundle that the update brings. */
        bundle: z.string().optional(),
        reason,
      }),
    }),
  ),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']),
});

export type Reported = z.output<typeof reportedSchema>;
export type FieldOutcome = z.output<typeof outcome>;
export type UpdateState = (typeof UPDATE_STATES)[number];
