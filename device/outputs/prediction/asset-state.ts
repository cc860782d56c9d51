// What is remembered of the predictions of one model about one asset: plain data, in event time.
import { predictionSchema } from '@dandan/shared/wire';
import * as z from 'zod';

/** Degraded answers that left and whose final answers follow, whatever the rules: an outage's worth. */
export const MAX_OWED = 64;

export const assetStateSchema = z.object({
  /** The last that left. */
  last: z
    .object({
      id: z.string(),
      t: z.number(),
      class: z.number(),
      confidence: z.number(),
      bundle: z.string(),
      degraded: z.boolean(),
    })
    .optional(),
  /** The newest that waits for the end of the interval. */
  held: predictionSchema.optional(),
  /** When a bucket of burst 1 has its next token: the virtual scheduling of ITU-T I.371. */
  next: z.number(),
  /** The last classes given, newest last. */
  votes: z.array(z.number()),
  /** Ids of degraded answers that left. */
  owed: z.array(z.string()),
});

export type AssetState = z.output<typeof assetStateSchema>;

export const createAssetState = (): AssetState => ({
  next: Number.MIN_SAFE_INTEGER,
  votes: [],
  owed: [],
});
