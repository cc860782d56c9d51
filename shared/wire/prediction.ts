// What a gateway publishes for an asset and time.
import * as z from 'zod';

export const predictionSchema = z.strictObject({
  /** Same for every message about one asset and time: the later one replaces the earlier. */
  id: z.string(),
  asset: z.string(),
  model: z.string(),
  /** End of the window the prediction is about, milliseconds since the epoch. */
  t: z.number(),
  class: z.int().min(0),
  label: z.string(),
  confidence: z.number().min(0).max(1),
  /** 1-based stage that gave the answer. */
  stage: z.int().min(1),
  tier: z.enum(['gateway', 'edge']),
  /** SHA-256 of the bundle. */
  bundle: z.string(),
  /** True: the edge was out of reach and this is the gateway's own best answer for now. */
  degraded: z.boolean(),
});

export type Prediction = z.infer<typeof predictionSchema>;

/** The id of the prediction for one asset at one time under one bundle. */
export function predictionId(bundle: string, asset: string, time: number): string {
  return `${bundle.slice(0, 12)}/${asset}/${time}`;
}
