// The configuration file of a gateway, as people write it.
import { POLICY_NAMES } from '@dandan/shared/policy';
import { MAX_ROWS_PER_REQUEST } from '@dandan/shared/wire';
import * as z from 'zod';
import { LOG_LEVELS } from '../log/index.ts';
import { brokerSection, homeBrokerSection } from './sections/broker.ts';
import { environmentName, milliseconds, path, sha256, topicLevel, url } from './sections/fields.ts';
import { journalSection } from './sections/journal.ts';

/** Longest a gateway waits for one answer of the edge: beyond it an operator calls it an outage. */
const MAX_TIMEOUT_MS = 120_000;

/** 10 million rows of 100 features fill 2.5 GB: more than an outage of a year on most lines. */
const MAX_OUTBOX_ROWS = 10_000_000;

/** Named brokers besides the home broker: one for each hall of a large plant. */
const MAX_BROKERS = 16;

/** Models on one gateway, as heartbeats have them. */
const MAX_MODELS = 32;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Where a secret stands; the secret itself never stands in this file. */
const oneSource = (names: readonly [string, string]) => ({
  check: (value: Record<string, unknown>) =>
    (value[names[0]] === undefined) !== (value[names[1]] === undefined),
  message: `exactly one of ${names.join(' and ')}`,
});

const keySource = oneSource(['keyEnv', 'keyFile']);

const edgeSchema = z
  .strictObject({
    url: url(['https:', 'http:']).refine(
      (text) =>
        !URL.canParse(text) ||
        new URL(text).protocol !== 'http:' ||
        LOOPBACK.test(new URL(text).hostname),
      'https://, or http:// to this machine only: the key would travel in the clear',
    ),
    keyEnv: environmentName.optional(),
    keyFile: path.optional(),
    timeoutMs: z.int().min(1).max(MAX_TIMEOUT_MS).default(5000),
    batchRows: z.int().min(1).max(MAX_ROWS_PER_REQUEST).default(64),
    batchDelayMs: milliseconds(60_000).default(50),
    retryMinMs: z.int().min(1).max(3_600_000).default(500),
    retryMaxMs: z.int().min(1).max(3_600_000).default(30_000),
  })
  .refine(keySource.check, keySource.message)
  .refine(({ retryMinMs, retryMaxMs }) => retryMinMs <= retryMaxMs, {
    path: ['retryMaxMs'],
    message: 'at least retryMinMs',
  });

const telemetrySection = z.discriminatedUnion('kind', [
  /** The gateway's own topics. */
  z.strictObject({ kind: z.literal('dandan'), broker: topicLevel.optional() }),
]);

const modelSection = z.strictObject({
  file: path,
  /** Stages that run here. */
  stages: z.int().min(1).max(16).default(1),
  /** Needed where `file` holds only the first stages: the name of the whole bundle. */
  sha256: sha256.optional(),
  /** Names of the assets it reads, * for any characters. */
  assets: z.array(z.string().min(1).max(64)).min(1).max(1000).default(['*']),
});

export const gatewayConfigSchema = z
  .strictObject({
    site: topicLevel,
    gateway: topicLevel,
    /** Folder of everything the gateway writes. */
    data: path,
    broker: homeBrokerSection,
    /** Further brokers that telemetry comes from. */
    brokers: z
      .record(topicLevel, brokerSection)
      .refine((named) => Object.keys(named).length <= MAX_BROKERS, `at most ${MAX_BROKERS} brokers`)
      .default({}),
    telemetry: z
      .array(telemetrySection)
      .min(1)
      .max(100)
      .default([{ kind: 'dandan' }]),
    edge: edgeSchema,
    models: z.array(modelSection).min(1).max(MAX_MODELS),
    policy: z.enum(POLICY_NAMES).default('day'),
    journal: journalSection.prefault({}),
    outbox: z
      .strictObject({
        /** 100,000 rows of 60 features are 30 MB and, at one a second, a day. */
        maxRows: z.int().min(1).max(MAX_OUTBOX_ROWS).default(100_000),
      })
      .prefault({}),
    /** `undefined`: two strides of the bundle. 0: never. */
    flushAfterMs: milliseconds(86_400_000).optional(),
    metricsIntervalMs: z.int().min(10).max(3_600_000).default(1000),
    logLevel: z.enum(LOG_LEVELS).default('info'),
  })
  .superRefine(({ telemetry, brokers }, context) => {
    for (const [i, { broker }] of telemetry.entries()) {
      if (broker === undefined || Object.hasOwn(brokers, broker)) continue;
      const names = Object.keys(brokers).join(', ') || 'none is defined';
      context.addIssue({
        code: 'custom',
        path: ['telemetry', i, 'broker'],
        message: `a name under brokers (${names}), or nothing for the home broker`,
      });
    }
  });

/** A validated configuration. Paths are absolute; it holds no secret. */
export type GatewayConfig = z.infer<typeof gatewayConfigSchema>;
