// What a gateway says of itself every few minutes, and what it is told in return.
import * as z from 'zod';
import { modelNameSchema } from '../bundle/index.ts';
import { channelNameSchema } from './predict.ts';
import { printable } from './printable.ts';

/** Models on one gateway. */
export const MAX_HEARTBEAT_MODELS = 32;

/** Printable text of at most this length: a reason a person reads in a table. */
export const MAX_REASON = 200;

/** Longest name and version of a program. */
export const MAX_SOFTWARE = 64;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits');

export const heartbeatSchema = z.strictObject({
  /** Name and version of the gateway's program. */
  software: printable(1, MAX_SOFTWARE),
  models: z
    .array(
      z.strictObject({
        model: modelNameSchema,
        channel: channelNameSchema,
        /** The newest release that the gateway has taken up. */
        release: z.int().min(1),
        /** The bundle it has run under that release. */
        bundle: sha256,
        /** `failed`: the gateway gave the bundle up by itself and runs its last good one. */
        state: z.enum(['running', 'failed']),
        reason: printable(0, MAX_REASON).default(''),
        /** Rows answered since the release was taken up, and those that ended in an error. */
        rows: z.int().min(0),
        errors: z.int().min(0),
      }),
    )
    .max(MAX_HEARTBEAT_MODELS)
    .refine(
      (models) =>
        new Set(models.map(({ model, channel }) => `${model}/${channel}`)).size === models.length,
      'each model and channel at most once',
    ),
});

export const heartbeatAnswerSchema = z.object({
  /** The edge's clock. */
  time: z.iso.datetime(),
  /** What the reported channels say now: a device with another bundle fetches its pointer. */
  channels: z.array(
    z.object({
      model: z.string(),
      channel: z.string(),
      release: z.int().min(1),
      bundle: sha256,
    }),
  ),
});

export type Heartbeat = z.output<typeof heartbeatSchema>;
export type HeartbeatModel = Heartbeat['models'][number];
export type HeartbeatAnswer = z.output<typeof heartbeatAnswerSchema>;
