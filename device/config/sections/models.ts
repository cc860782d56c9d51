// The models that a gateway runs: from the edge and kept up to date, or from a file.
import { modelNameSchema } from '@dandan/shared/bundle';
import { channelNameSchema } from '@dandan/shared/wire';
import * as z from 'zod';
import { path, sha256 } from './fields.ts';

/** Each has windows and weights of its own; a gateway has a gigabyte. */
export const MAX_MODELS = 32;

/** A week: longer a trial says nothing that it did not say by then. */
const MAX_TRIAL_MS = 7 * 86_400_000;

const share = z.number().min(0).max(1);

/** `*` stands for any characters of a name. */
const assets = z
  .array(z.string().regex(/^[A-Za-z0-9_.:*-]{1,64}$/, 'names of assets, with * for any characters'))
  .min(1)
  .max(256)
  .default(['*']);

/** Stages that run here; `all` keeps the whole bundle. */
const stages = z.union([z.int().min(1).max(16), z.literal('all')]).default(1);

/** What a new bundle has to show beside the one that is served, before it takes over. */
export const canarySchema = z.strictObject({
  minRows: z.int().min(1).max(1_000_000).default(200),
  /** From the first row on; after it fewer rows have to do. */
  maxMs: z.int().min(1000).max(MAX_TRIAL_MS).default(86_400_000),
  maxErrorShare: share.default(0),
  /** Without it: what both bundles were measured to be. */
  minAgreement: share.optional(),
  maxNewClassShare: share.default(0.2),
  maxUnsureGrowth: share.default(0.2),
  maxCostRatio: z.number().min(1).max(1000).default(8),
  maxMeanMs: z.number().min(0.001).max(60_000).default(50),
  /** What happens after `maxMs` in which no row came. */
  withoutRows: z.enum(['wait', 'commit']).default('wait'),
});

/** How a new bundle proves itself once it is served. */
export const probationSchema = z.strictObject({
  minMs: z.int().min(1000).max(MAX_TRIAL_MS).default(600_000),
  /** Fewer errors than this are chance. */
  minErrors: z.int().min(1).max(1_000_000).default(3),
  maxErrorShare: share.default(0.01),
});

export const modelFromEdgeSchema = z.strictObject({
  model: modelNameSchema,
  channel: channelNameSchema.default('stable'),
  stages,
  assets,
  canary: canarySchema.prefault({}),
  probation: probationSchema.prefault({}),
});

export const modelFromFileSchema = z.strictObject({
  file: path,
  stages,
  /** Needed where `file` holds only the first stages: the name of the whole bundle. */
  sha256: sha256.optional(),
  assets,
});

const nameOf = (model: z.output<typeof modelFromEdgeSchema | typeof modelFromFileSchema>) =>
  'file' in model ? `file ${model.file}` : `${model.model}/${model.channel}`;

export const modelsSchema = z
  .array(z.union([modelFromEdgeSchema, modelFromFileSchema]))
  .min(1)
  .max(MAX_MODELS)
  .refine(
    (models) => new Set(models.map(nameOf)).size === models.length,
    'each model and channel, and each file, at most once',
  );

export const updatesSchema = z.strictObject({
  /** Written by `enrol`. Without it: beside the key, where edge.keyFile names one. */
  signingKeysFile: path.optional(),
  /** Further public keys that releases may be signed by: base64 of 32 bytes. */
  signingKeys: z
    .array(z.string().regex(/^[A-Za-z0-9+/]{43}=$/, 'base64 of 32 bytes'))
    .max(32)
    .default([]),
  /**
   * Remembers the highest release, so that an older one is refused even by a store that was made
   * anew. Without it: beside the key, where edge.keyFile names one, else among the bundles.
   */
  highestFile: path.optional(),
  /** 0: only when told. */
  checkIntervalMs: z.int().min(0).max(86_400_000).default(300_000),
  maxBytes: z
    .int()
    .min(1024 * 1024)
    .max(64 * 1024 ** 3)
    .default(256 * 1024 * 1024),
  /** Of a download; without it as fast as the line is. */
  bytesPerSecond: z.int().min(1000).max(1_000_000_000).optional(),
});

export type ModelsConfig = z.infer<typeof modelsSchema>;
export type ModelFromEdge = z.infer<typeof modelFromEdgeSchema>;
export type UpdatesConfig = z.infer<typeof updatesSchema>;
