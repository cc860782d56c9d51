// HTTP request and response bodies of prediction and escalation; the OpenAPI
// document is generated from these schemas.
import * as z from 'zod';
import { STOP_REASONS } from '../cascade/index.ts';
import { MAX_FEATURES } from '../features/index.ts';
import { POLICY_NAMES } from '../policy/index.ts';
import { MAX_ROWS_PER_REQUEST } from './limits.ts';

/** Float features: all of one row. */
export const denseRowSchema = z.array(z.number()).max(MAX_FEATURES);
/** The non-zero columns of a row. */
export const sparseRowSchema = z.strictObject({
  indices: z.array(z.int().min(0).max(MAX_FEATURES)),
  values: z.array(z.number()),
});

/** A channel's name stands in URLs. */
export const channelNameSchema = z
  .string()
  .regex(/^[a-z0-9-]{1,32}$/, 'lower-case letters, digits and -, at most 32');

/** Options of a prediction; query parameters where the body is binary. */
export const predictOptionsSchema = z.strictObject({
  /** SHA-256 of a bundle; without it the channel decides. */
  bundle: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  channel: channelNameSchema.default('stable'),
  /** `auto`: as the policy document of the model decides, `day` where it has none. */
  policy: z.enum(['auto', ...POLICY_NAMES]).default('auto'),
  maxStage: z.int().min(1).optional(),
  /**
   * `node`: every row stops by itself under the policy. `batch`: all rows of the request stop at
   * the first stage whose mean confidence is above `batchThreshold` (ProGMLP Eq. 9–10).
   */
  exit: z.enum(['node', 'batch']).default('node'),
  /** τ_conf of `batch`. */
  batchThreshold: z.number().min(0).max(1).optional(),
  /** Most multiply-accumulates to spend on a row; stage 1 always runs. */
  maxMacs: z.number().min(0).optional(),
  /** Milliseconds in which the rows shall be answered, as deep as the time allows. */
  deadlineMs: z.number().min(0).optional(),
});

export const predictRequestSchema = predictOptionsSchema.extend({
  /** Float features: all of one row, or the non-zero columns of a sparse row. */
  rows: z.union([
    z.array(denseRowSchema).min(1).max(MAX_ROWS_PER_REQUEST),
    z.array(sparseRowSchema).min(1).max(MAX_ROWS_PER_REQUEST),
  ]),
});

export const answerSchema = z.strictObject({
  class: z.int().min(0),
  label: z.string(),
  confidence: z.number().min(0).max(1),
  /** 1-based stage at which the cascade stopped. */
  stage: z.int().min(1),
  stopped: z.enum(STOP_REASONS),
  /** Multiply-accumulates spent on this node. */
  macs: z.int().min(0),
});

export const predictResponseSchema = z.strictObject({
  model: z.string(),
  /** SHA-256 of the bundle that answered. */
  bundle: z.string(),
  /** The policy that was applied. */
  policy: z.enum(POLICY_NAMES),
  /** Why this policy and depth, where a policy document rather than the caller decided on them. */
  decided: z.string().optional(),
  answers: z.array(answerSchema),
});

export type PredictOptions = z.infer<typeof predictOptionsSchema>;
export type PredictRequest = z.infer<typeof predictRequestSchema>;
export type PredictResponse = z.infer<typeof predictResponseSchema>;
export type Answer = z.infer<typeof answerSchema>;
