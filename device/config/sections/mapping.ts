// Telemetry of any topic and JSON, as the configuration has it.
import { InputError } from '@dandan/shared/error';
import * as z from 'zod';
import { parseMapping } from '../../sources/mapping-rules/index.ts';
import { ASSET_WORDS, isAssetName } from '../../sources/naming/index.ts';
import { channelRules } from './channel-rules.ts';
import { topicLevel } from './fields.ts';

/** A path or a template; what they may be is checked together. */
const text = z.string().min(1).max(512);

/** As many as a bundle may have. */
const MAX_VALUES = 256;

/** Machines of a site. */
const MAX_ASSETS = 4096;

const paths = z
  .record(text, text)
  .refine((list) => Object.keys(list).length > 0, 'one path at least')
  .refine((list) => Object.keys(list).length <= MAX_VALUES, `at most ${MAX_VALUES} paths`);
const values = z.union([text, paths], 'a path, or paths by channel');

export const mappingSection = z
  .strictObject({
    kind: z.literal('mapping'),
    /** Name of a broker in `brokers`; without it the home broker. */
    broker: topicLevel.optional(),
    /** Topics: text, {name} for a level to be used below, + for any level, # for all that follow. */
    topic: text,
    /** Asset: a template of the topic's levels, or a path. Default: {asset}. */
    asset: text.optional(),
    /** Channel, likewise. Default: {channel}. Not beside `values`. */
    channel: text.optional(),
    /** Path to readings in one message, with [*]; @ in other paths is the reading. */
    each: text.optional(),
    /** Path of the value. Without it and `values` the payload is a number as text. */
    value: text.optional(),
    /** Paths by channel, or the path of an object of numbers by channel. */
    values: values.optional(),
    /** Where the time stands. Default: the time of arrival. */
    time: z.strictObject({ path: text, unit: z.enum(['s', 'ms', 'us', 'iso']) }).optional(),
    /** true and false are 1 and 0. */
    booleans: z.boolean().default(false),
    /** "21.5" is a number. */
    numericStrings: z.boolean().default(false),
    /** Channels by their names in topic or payload. */
    channels: channelRules,
    /** Channels without an entry are not read. */
    listedOnly: z.boolean().default(false),
    /** Assets by their names in topic or payload. */
    assets: z
      .record(text, z.string().refine(isAssetName, ASSET_WORDS))
      .refine((names) => Object.keys(names).length <= MAX_ASSETS, `at most ${MAX_ASSETS} entries`)
      .default({}),
    /** What the broker kept and states no time: skipped, or taken as current. */
    retained: z.enum(['skip', 'current']).default('skip'),
  })
  .superRefine((mapping, context) => {
    try {
      parseMapping(mapping);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const { field = '', allowed = '' } = error;
      // Only names of channels in `values` may hold a dot.
      const [first, ...rest] = field.split('.');
      const path =
        first === 'values' && rest.length > 0 ? [first, rest.join('.')] : [first, ...rest];
      context.addIssue({ code: 'custom', path, message: allowed });
    }
  });

export type MappingConfig = z.infer<typeof mappingSection>;
