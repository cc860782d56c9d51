// The configuration file of a bridge, as people write it.
import { MAX_BRIDGED_BYTES, MAX_SERVED, servedGatewaySchema } from '@dandan/shared/wire';
import * as z from 'zod';
import { LOG_LEVELS } from '../../log/index.ts';
import { brokerSection } from './broker.ts';
import { edgeUrl, environmentName, path, topicLevel } from './fields.ts';

/** Halls of a large plant. */
const MAX_BROKERS = 16;

const secretSource = z
  .strictObject({ secretEnv: environmentName.optional(), secretFile: path.optional() })
  .refine(
    ({ secretEnv, secretFile }) => (secretEnv === undefined) !== (secretFile === undefined),
    'exactly one of secretEnv and secretFile',
  );

export const bridgeConfigSchema = z
  .strictObject({
    /** Its own name; no two bridges of a broker have the same. */
    bridge: topicLevel,
    /** Gateways that it asks the edge for: site/gateway, or site/* for all of a site. */
    serves: z.array(servedGatewaySchema).min(1).max(MAX_SERVED),
    /** By name; gateways and bridge meet at one of them. */
    brokers: z
      .record(topicLevel, brokerSection)
      .refine((named) => Object.keys(named).length > 0, 'at least one broker')
      .refine(
        (named) => Object.keys(named).length <= MAX_BROKERS,
        `at most ${MAX_BROKERS} brokers`,
      ),
    edge: z
      .strictObject({
        url: edgeUrl,
        /** Of the bridge's own key, scope device. */
        keyEnv: environmentName.optional(),
        keyFile: path.optional(),
        timeoutMs: z.int().min(1).max(120_000).default(5000),
        /** Requests at a time. */
        concurrency: z.int().min(1).max(64).default(8),
      })
      .refine(
        ({ keyEnv, keyFile }) => (keyEnv === undefined) !== (keyFile === undefined),
        'exactly one of keyEnv and keyFile',
      ),
    /** Secrets that gateways share with this bridge, by site/gateway. */
    secrets: z
      .record(servedGatewaySchema, secretSource)
      .refine(
        (named) => !Object.keys(named).some((name) => name.endsWith('/*')),
        'one secret for each gateway: site/gateway',
      )
      .default({}),
    /** Of one gateway. */
    limits: z
      .strictObject({
        requestsPerMinute: z.int().min(1).max(60_000).default(1200),
        burst: z.int().min(1).max(1000).default(32),
        /** Largest request. */
        maxBytes: z.int().min(1024).max(MAX_BRIDGED_BYTES).default(262_144),
      })
      .prefault({}),
    metricsIntervalMs: z.int().min(10).max(3_600_000).default(10_000),
    logLevel: z.enum(LOG_LEVELS).default('info'),
  })
  .refine(
    ({ secrets, serves }) =>
      Object.keys(secrets).every(
        (name) => serves.includes(name) || serves.includes(`${name.split('/')[0]}/*`),
      ),
    { path: ['secrets'], message: 'secrets of gateways under serves only' },
  );

/** A validated configuration; it holds no secret. */
export type BridgeConfig = z.infer<typeof bridgeConfigSchema>;
