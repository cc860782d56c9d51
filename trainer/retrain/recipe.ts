// How the champion was trained, read from its bundle, so that the challenger is trained alike.
import type { Bundle } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import * as z from 'zod';
import {
  DEFAULTS,
  SETTINGS,
  SPLITS,
  STRUCTURES,
  TEACHER_CHOICES,
  type TrainOptions,
} from '../run/train-options.ts';

const MAX_WIDTH = 4096;
const MAX_STAGES = 6;

const count = z.int().min(1).max(1_000_000).optional();

/** What decides over shapes and sets is checked here, the rest by its type. */
const provenanceSchema = z.object({
  dataSha256: z.string(),
  split: z.enum(SPLITS),
  setsSha256: z.string().optional(),
  hardCases: z.object({ sha256: z.string(), used: z.int() }).optional(),
  options: z.looseObject({
    teacher: z.enum([...TEACHER_CHOICES, 'file']),
    structure: z.enum(STRUCTURES),
    widths: z.array(z.int().min(1).max(MAX_WIDTH)).min(1).max(MAX_STAGES),
    hiddenLayers: z.int().min(1).max(8),
    setting: z.enum(SETTINGS),
    seed: z.int().min(0),
    labelsPerClass: count,
    validationPerClass: count,
  }),
});

export interface Recipe {
  readonly options: TrainOptions;
  readonly split: (typeof SPLITS)[number];
  /** SHA-256 of the data that the champion was trained on. */
  readonly dataSha256: string;
  /** SHA-256 of its sets, hard cases among them; older bundles do not tell. */
  readonly setsSha256: string | undefined;
  /** SHA-256 of the hard cases that it learnt from, if any. */
  readonly hardCases: string | undefined;
}

function refuse(field: string, value: unknown, allowed: string, cause?: unknown): never {
  throw new InputError('bundle-manifest-invalid', 'The champion does not say how to train again', {
    field,
    value,
    allowed,
    cause,
  });
}

/** Options that a champion of an older version lacks are the defaults of this one. */
function withDefaults(given: Readonly<Record<string, unknown>>): TrainOptions {
  for (const [name, value] of Object.entries(DEFAULTS)) {
    const own = given[name];
    if (own === undefined || typeof own === typeof value) continue;
    refuse(`manifest.provenance.options.${name}`, own, typeof value);
  }
  return { ...DEFAULTS, ...given } as TrainOptions;
}

/** @throws {InputError} `bundle-manifest-invalid` for a bundle that `train` did not write by itself. */
export function recipeOf({ manifest }: Bundle): Recipe {
  const parsed = provenanceSchema.safeParse(manifest.provenance);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = ['manifest.provenance', ...issue.path].join('.');
    return refuse(field, undefined, 'a bundle that train wrote', parsed.error);
  }
  const { options, split, dataSha256, setsSha256, hardCases } = parsed.data;
  if (options.teacher === 'file') {
    refuse(
      'manifest.provenance.options.teacher',
      'file',
      'a teacher that Dandan trains: logits from elsewhere are of other nodes (use dandan train)',
    );
  }
  return {
    options: withDefaults(options),
    split,
    dataSha256,
    setsSha256,
    hardCases: hardCases && hardCases.used > 0 ? hardCases.sha256 : undefined,
  };
}
