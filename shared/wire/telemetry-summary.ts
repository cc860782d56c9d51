// What a gateway publishes on `…/summary/{asset}`: one minute of an asset's telemetry in five numbers a channel.
import * as z from 'zod';

const channelSummarySchema = z.strictObject({
  /** Samples of the minute. */
  count: z.int().min(1),
  mean: z.number(),
  min: z.number(),
  max: z.number(),
  /** The sample with the latest time. */
  last: z.number(),
});

export const telemetrySummarySchema = z.strictObject({
  /** Same for every message about one asset and minute: whoever gets it twice applies it once. */
  id: z.string(),
  asset: z.string(),
  /** Start of the minute, milliseconds since the epoch. */
  t: z.number(),
  durationMs: z.int().min(1),
  /** By channel, in the channels' own units. */
  channels: z.record(z.string(), channelSummarySchema),
});

export type ChannelSummary = z.infer<typeof channelSummarySchema>;
export type TelemetrySummary = z.infer<typeof telemetrySummarySchema>;
