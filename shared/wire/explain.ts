// Requests and answers of explanations.
import * as z from 'zod';
import { certificateSchema } from '../bundle/manifest.ts';
import {
  answerSchema,
  denseRowSchema,
  predictOptionsSchema,
  predictResponseSchema,
  sparseRowSchema,
} from './predict.ts';

/** An explanation runs the cascade some hundred times: one row is a person's question. */
export const MAX_EXPLAINED_ROWS = 16;

/** Features named of a row; the rest stand together in `others`. */
export const MAX_EXPLAINED_FEATURES = 100;
export const DEFAULT_EXPLAINED_FEATURES = 10;

export const explainOptionsSchema = predictOptionsSchema
  .pick({ bundle: true, channel: true, policy: true, maxStage: true })
  .extend({
    /** Features to name, those that moved the answer most. */
    top: z.int().min(1).max(MAX_EXPLAINED_FEATURES).default(DEFAULT_EXPLAINED_FEATURES),
    /** Keep the explanation, with who asked, as a record that cannot be changed. */
    keep: z.boolean().default(false),
  });

export const explainRequestSchema = explainOptionsSchema.extend({
  rows: z.union([
    z.array(denseRowSchema).min(1).max(MAX_EXPLAINED_ROWS),
    z.array(sparseRowSchema).min(1).max(MAX_EXPLAINED_ROWS),
  ]),
});

export const explanationSchema = answerSchema.extend({
  /** What each stage up to the last one run said, alone and together with those before. */
  stages: z.array(
    z.strictObject({
      stage: z.int().min(1),
      alone: z.string(),
      together: z.string(),
      confidence: z.number().min(0).max(1),
      /** λ_k: the row stops at or above it; `null` never stops, nor does the last stage. */
      threshold: z.number().nullable(),
    }),
  ),
  /** Probability of the answer in the row and in the baseline: mean features, or an empty sparse row. */
  probability: z.number().min(0).max(1),
  baseline: z.number().min(0).max(1),
  features: z.array(
    z.strictObject({
      column: z.int().min(0),
      name: z.string(),
      /** The value that the row's code stands for. */
      value: z.number(),
      /** What the feature added to the probability. */
      contribution: z.number(),
    }),
  ),
  /** Sum of the contributions of all features that are not named. */
  others: z.number(),
  /** |probability − baseline − all contributions|. */
  residual: z.number().min(0),
});

export const explainResponseSchema = z.strictObject({
  model: z.string(),
  bundle: z.string(),
  policy: predictResponseSchema.shape.policy,
  decided: predictResponseSchema.shape.decided,
  /** The promise under which the thresholds stand, if there is one. */
  certificate: certificateSchema.nullable(),
  explanations: z.array(explanationSchema),
  /** Id of the record, where one was to be kept. */
  record: z.uuid().optional(),
});

export type ExplainOptions = z.infer<typeof explainOptionsSchema>;
export type ExplainResponse = z.infer<typeof explainResponseSchema>;
