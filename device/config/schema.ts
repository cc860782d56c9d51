// The configuration file of a gateway, as people write it.
import { POLICY_NAMES } from '@dandan/shared/policy';
import { checkTopicLevel, MAX_ROWS_PER_REQUEST } from '@dandan/shared/wire';
import * as z from 'zod';
import { LOG_LEVELS } from '../log/index.ts';

/** Longest a gateway waits for one answer of the edge: beyond it an operator calls it an outage. */
const MAX_TIMEOUT_MS = 120_000;

/** 10 million rows of 100 features fill 2.5 GB: more than an outage of a year on most lines. */
const MAX_OUTBOX_ROWS = 10_000_000;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const topicLevel = z.string().refine((name) => {
  try {
    checkTopicLevel('name', name);
    return true;
  } catch {
    return false;
  }
}, 'letters, digits, _ . : - (1..64)');

const milliseconds = (limit: number) => z.int().min(0).max(limit);
const path = z.string().min(1).max(4096);
const environmentName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable');

function url(protocols: readonly string[]) {
  return z.string().superRefine((text, context) => {
    const issue = (message: string) => context.addIssue({ code: 'custom', message });
    if (!URL.canParse(text)) return issue(`a URL that starts with ${protocols.join('// or ')}//`);
    const { protocol, username, password } = new URL(text);
    if (!protocols.includes(protocol)) {
      issue(`a URL that starts with ${protocols.join('// or ')}//`);
    }
    if (username !== '' || password !== '') {
      issue('a URL without credentials; name them by username, passwordEnv or keyEnv');
    }
  });
}

/** Where a secret stands; the secret itself never stands in this file. */
const oneSource = (names: readonly [string, string]) => ({
  check: (value: Record<string, unknown>) =>
    (value[names[0]] === undefined) !== (value[names[1]] === undefined),
  message: `exactly one of ${names.join(' and ')}`,
});

const keySource = oneSource(['keyEnv', 'keyFile']);

const brokerSchema = z
  .strictObject({
    url: url(['mqtt:', 'mqtts:']),
    username: z.string().min(1).max(256).optional(),
    passwordEnv: environmentName.optional(),
    passwordFile: path.optional(),
    /** YAML reads a bare 5 as a number. */
    protocol: z
      .preprocess(
        (value) => (typeof value === 'number' ? String(value) : value),
        z.enum(['auto', '5', '3.1.1']),
      )
      .default('auto'),
  })
  .refine(
    ({ passwordEnv, passwordFile }) => passwordEnv === undefined || passwordFile === undefined,
    'at most one of passwordEnv and passwordFile',
  );

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

export const gatewayConfigSchema = z.strictObject({
  site: topicLevel,
  gateway: topicLevel,
  broker: brokerSchema,
  edge: edgeSchema,
  bundle: z.strictObject({
    file: path,
    /** Stages that run here. */
    stages: z.int().min(1).max(16).default(1),
    /** Needed where `file` holds only the first stages: the name of the whole bundle. */
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, '64 lower-case hex digits')
      .optional(),
  }),
  policy: z.enum(POLICY_NAMES).default('day'),
  outbox: z.strictObject({
    file: path,
    /** 100,000 rows of 60 features are 30 MB and, at one a second, a day. */
    maxRows: z.int().min(1).max(MAX_OUTBOX_ROWS).default(100_000),
  }),
  /** `undefined`: two strides of the bundle. 0: never. */
  flushAfterMs: milliseconds(86_400_000).optional(),
  metricsIntervalMs: z.int().min(10).max(3_600_000).default(1000),
  logLevel: z.enum(LOG_LEVELS).default('info'),
});

/** A validated configuration. Paths are absolute; it holds no secret. */
export type GatewayConfig = z.infer<typeof gatewayConfigSchema>;
