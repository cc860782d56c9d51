// What leaves the gateway: how often predictions do, and where else than on `…/prediction/{asset}`.
import * as z from 'zod';

/** A day: a prediction held back for longer is of no use to the next shift. */
const MAX_INTERVAL_MS = 86_400_000;

/** Patterns of assets with levels of their own: lines of a large plant. */
const MAX_PATTERNS = 1000;

const settle = z
  .strictObject({ n: z.int().min(1).max(100), m: z.int().min(1).max(100) })
  .refine(({ n, m }) => n <= m, { path: ['n'], message: 'at most m' });

const prediction = z.strictObject({
  /** Shortest time between two predictions of an asset, in their own time. 0: all leave. */
  minIntervalMs: z.int().min(0).max(MAX_INTERVAL_MS).default(0),
  /** As many may leave at once after a quiet time. */
  burst: z.int().min(1).max(1000).default(1),
  /** Only another class, another bundle, or a confidence that differs by `confidenceStep`. */
  changeOnly: z.boolean().default(false),
  confidenceStep: z.number().min(0.001).max(1).default(0.1),
  /** Longest silence under `changeOnly`. */
  heartbeatMs: z.int().min(1000).max(MAX_INTERVAL_MS).default(300_000),
  /** Predictions below it do not leave. */
  minConfidence: z.number().min(0).max(1).default(0),
  /** Another class leaves once `n` of the last `m` predictions gave it. */
  settle: settle.optional(),
});

const homeAssistant = z.strictObject({
  /** Prefix that Home Assistant listens to. */
  prefix: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}(\/[A-Za-z0-9_-]{1,64}){0,3}$/, 'a topic without wildcards')
    .default('homeassistant'),
  /** Entities become unavailable after so long without a prediction. 0: never. */
  expireAfterSeconds: z.int().min(0).max(86_400).default(0),
  /** Assets without a prediction for so many days are removed. 0: never. */
  forgetAfterDays: z.int().min(0).max(3650).default(30),
});

const level = z.string().min(1).max(64);
const levels = z.record(z.string().regex(/^[a-zA-Z]{1,32}$/, 'letters (1..32)'), level);

const namespace = z.strictObject({
  topic: z.string().min(1).max(256),
  retain: z.boolean().default(true),
  /** Values of the names in braces, for all assets. */
  levels: levels.default({}),
  /** The first whose `assets` fits an asset goes before `levels`. */
  assets: z
    .array(z.strictObject({ assets: z.string().min(1).max(64), levels }))
    .max(MAX_PATTERNS)
    .default([]),
});

export const outputsSection = z.strictObject({
  /** Count, mean, least, largest and last of every channel and minute, on `…/summary/{asset}`. */
  summary: z.boolean().default(false),
  prediction: prediction.prefault({}),
  /** Absent: Home Assistant is told nothing. */
  homeAssistant: homeAssistant.optional(),
  /** Absent: predictions have no second topic. */
  namespace: namespace.optional(),
});
