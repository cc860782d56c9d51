// `channels` and `features` of plant.yaml: what a row is made of. They become the feature spec of
// the bundle, whose schema checks them once more.
import { STATISTICS } from '@dandan/shared/features';
import * as z from 'zod';
import { durationMs, MAX_CHANNELS, name } from './fields.ts';

const statistics = z.array(z.enum(STATISTICS)).min(1);

export const channelsSection = z
  .array(
    z.looseObject({
      name,
      unit: z.string().max(32).default(''),
      holdMs: durationMs.optional(),
    }),
  )
  .min(1)
  .max(MAX_CHANNELS);

export const featuresSection = z.looseObject({
  windowMs: durationMs.optional(),
  strideMs: durationMs.optional(),
  windowSamples: z.int().min(1).optional(),
  strideSamples: z.int().min(1).optional(),
  statistics: statistics.optional(),
  reference: z.strictObject({ samples: z.int().min(2) }).optional(),
});

export type ChannelChoices = z.output<typeof channelsSection>;
export type FeatureChoices = z.output<typeof featuresSection>;
