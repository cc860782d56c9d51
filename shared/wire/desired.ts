// What operators want of a gateway, retained on `…/desired`: the whole of it in every message. A field
// that is absent leaves the gateway as its own file configures it.
import * as z from 'zod';
import { modelNameSchema } from '../bundle/index.ts';
import { POLICY_NAMES, policyDocumentSchema } from '../policy/index.ts';
import { channelNameSchema } from './predict.ts';

/** A policy document with every exception it may have is 30 kB. */
export const MAX_DESIRED_BYTES = 64 * 1024;

/** Models that one message speaks of: as many as a heartbeat names. */
export const MAX_DESIRED_MODELS = 32;

/** Seven nights of several windows each. */
const MAX_WINDOWS = 32;

/** A day: a prediction held back for longer is of no use to the next shift. */
const MAX_INTERVAL_MS = 86_400_000;

const modelRequest = z
  .strictObject({
    /** Channel to follow from now on. */
    channel: channelNameSchema.optional(),
    /** The release of the channel to take up, and no other. */
    release: z.int().min(1).optional(),
    /** SHA-256 of the bundle to run; the channel's signed pointer must bring it. */
    bundle: z
      .string()
      .regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits')
      .optional(),
  })
  .refine((request) => Object.keys(request).length > 0, 'at least one of channel, release, bundle');

const window = z.unknown().transform((value, context) => {
  // A window is a rule whose policy is of no interest: days, times and zones are read as rules are.
  const rule = { ...(value as object), policy: 'night' };
  const read = policyDocumentSchema.shape.rules.safeParse([rule]);
  if (!read.success) {
    const [{ path, message }] = read.error.issues;
    context.addIssue({ code: 'custom', path: path.slice(1), message });
    return z.NEVER;
  }
  const { days, from, to } = read.data[0];
  if (from === to) {
    context.addIssue({ code: 'custom', path: ['to'], message: `another time than ${from}` });
    return z.NEVER;
  }
  return { days, from, to };
});

export const updateScheduleSchema = z.strictObject({
  timeZone: policyDocumentSchema.shape.timeZone,
  /** When a bundle may change; outside of them it is only fetched. */
  windows: z.array(window).min(1).max(MAX_WINDOWS),
});

const outputsSchema = z.strictObject({
  prediction: z.strictObject({
    /** Shortest time between two predictions of one asset. */
    minIntervalMs: z.int().min(0).max(MAX_INTERVAL_MS).optional(),
    /** Only what differs from the last published one. */
    changeOnly: z.boolean().optional(),
    /** Longest silence of an asset under `changeOnly`. */
    heartbeatMs: z.int().min(1000).max(MAX_INTERVAL_MS).optional(),
  }),
});

/** Numbers of versions, also those made of a clock in microseconds. */
export const desiredVersionSchema = z.int().min(1);

/** The fields, each by itself: a gateway takes those that it can and tells why not the others. */
export const desiredFields = {
  policy: z.union([z.enum(POLICY_NAMES), policyDocumentSchema]),
  model: modelRequest,
  schedule: updateScheduleSchema,
  outputs: outputsSchema,
  logLevel: z.enum(['debug', 'info', 'warn', 'error']),
} as const;

export const desiredSchema = z.strictObject({
  version: desiredVersionSchema,
  policy: desiredFields.policy.optional(),
  models: z.record(modelNameSchema, desiredFields.model).optional(),
  schedule: desiredFields.schedule.optional(),
  outputs: desiredFields.outputs.optional(),
  logLevel: desiredFields.logLevel.optional(),
});

export type Desired = z.output<typeof desiredSchema>;
export type UpdateSchedule = z.output<typeof updateScheduleSchema>;
export type ModelRequest = z.output<typeof modelRequest>;
export type DesiredOutputs = z.output<typeof outputsSchema>;
