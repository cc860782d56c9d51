// Telemetry of Sparkplug B edge nodes, as the configuration has it.
import * as z from 'zod';
import { parseNameTemplate } from '../../sources/naming/index.ts';
import { channelRules } from './channel-rules.ts';
import { topicLevel } from './fields.ts';

/** A day: longer silence between requests is better said by 0. */
const MAX_REBIRTH_INTERVAL_MS = 86_400_000;

/** A name or a glob of one level of a topic. */
const glob = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^/+#\0]+$/, 'a name, or a glob with * and ?, without / + #');

/** One, or several. */
const globs = z
  .union([glob, z.array(glob).min(1).max(256)], 'a name, a glob, or a list of them')
  .transform((names) => (typeof names === 'string' ? [names] : names));

const nameTemplate = (parts: readonly string[]) =>
  z.string().superRefine((text, context) => {
    const parsed = parseNameTemplate(text, parts);
    if (typeof parsed === 'string') context.addIssue({ code: 'custom', message: parsed });
  });

export const sparkplugSection = z.strictObject({
  kind: z.literal('sparkplug'),
  /** Name of a broker in `brokers`; without it the home broker. */
  broker: topicLevel.optional(),
  /** Group ids. A glob subscribes to all groups and reads those that fit. */
  group: globs,
  /** Edge nodes that are read. */
  nodes: globs.default(['*']),
  /** Devices that are read. */
  devices: globs.default(['*']),
  /** Asset of a device. Characters that an asset must not have become _. */
  asset: nameTemplate(['group', 'node', 'device']).default('{device}'),
  /** Asset of the metrics of an edge node itself. */
  nodeAsset: nameTemplate(['group', 'node']).default('{node}'),
  /** Channels by metric. Without an entry the channel is the metric's name, with . for /. */
  metrics: channelRules,
  /** Metrics without an entry are not read. */
  listedOnly: z.boolean().default(false),
  /**
   * A node is asked for its births at most once in this time. 0: never, for brokers on which the
   * gateway must not publish.
   */
  rebirthIntervalMs: z.int().min(0).max(MAX_REBIRTH_INTERVAL_MS).default(30_000),
  /** Data of metrics that name themselves and their type is read before any birth. */
  readBeforeBirth: z.boolean().default(false),
});

export type SparkplugConfig = z.infer<typeof sparkplugSection>;
