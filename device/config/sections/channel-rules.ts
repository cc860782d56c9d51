// What a person may say about channels of a foreign source.
import * as z from 'zod';
import { CHANNEL_WORDS, isChannelName } from '../../sources/naming/index.ts';

/** Bundles have at most 256 channels; a site's gateways may share one list. */
const MAX_RULES = 4096;

/** Longest name of a metric or member that is read. */
const MAX_NAME_LENGTH = 512;

const name = z.string().refine(isChannelName, CHANNEL_WORDS);
const ruleSchema = z.strictObject({
  channel: name,
  scale: z
    .number()
    .refine((scale) => scale !== 0, 'a number other than 0')
    .default(1),
  offset: z.number().default(0),
  /** Unit after scaling; as long as in a bundle's feature spec. */
  unit: z.string().min(1).max(32).optional(),
});

/** A channel's name alone, or with scale, offset and unit. */
const channelRule = z.union(
  [name.transform((channel) => ({ channel, scale: 1, offset: 0 })), ruleSchema],
  `a channel (${CHANNEL_WORDS}), or channel with scale, offset and unit`,
);

/** Rules by the names that a source uses; no two for one channel. */
export const channelRules = z
  .record(z.string().min(1).max(MAX_NAME_LENGTH), channelRule)
  .refine((rules) => Object.keys(rules).length <= MAX_RULES, `at most ${MAX_RULES} entries`)
  .refine((rules) => {
    const channels = Object.values(rules).map(({ channel }) => channel);
    return new Set(channels).size === channels.length;
  }, 'each channel once')
  .default({});
