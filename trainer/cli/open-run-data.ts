// The data that a bundle was trained on, read again as its manifest says: the same split, the same
// rows. For commands that take a bundle and a data set.
import type { Bundle } from '@dandan/shared/bundle';
import { InputError } from '@dandan/shared/error';
import { MAX_HOPS, MAX_POSITIONS } from '@dandan/shared/features';
import { createRandom } from '@dandan/shared/random';
import * as z from 'zod';
import { type LoadedData, loadData } from '../data/load-data.ts';
import type { GraphData, Split } from '../graph/graph-data.ts';
import { CLASS_PRIORS } from '../prior/adapt-prior.ts';
import { INPUT_SCALINGS } from '../quantise/column-scale.ts';
import { featuresRead, splitFor } from '../run/prepare.ts';
import { SETTINGS, SPLITS } from '../run/train-options.ts';

/** What `train` wrote about the run; the test nodes follow from it. */
const provenanceSchema = z.object({
  dataSha256: z.string(),
  split: z.enum(SPLITS),
  setting: z.enum(SETTINGS),
  seed: z.int(),
  options: z.object({
    featureNoise: z.number().min(0).max(1).default(0),
    propagation: z.int().min(0).max(MAX_HOPS).default(0),
    positions: z.int().min(0).max(MAX_POSITIONS).default(0),
    inputScaling: z.enum(INPUT_SCALINGS).optional(),
    labelsPerClass: z.int().optional(),
    validationPerClass: z.int().optional(),
  }),
  figures: z.object({
    teacher: z.number(),
    mlp: z.number(),
    glnn: z.number(),
    quantised: z.object({ agreement: z.number(), drop: z.number() }),
    classShares: z
      .object({
        assumed: z.enum(CLASS_PRIORS),
        labelled: z.record(z.string(), z.number()),
        estimated: z.record(z.string(), z.number()),
      })
      .optional(),
  }),
});

export type Provenance = z.infer<typeof provenanceSchema>;

/** @throws {InputError} `bundle-manifest-invalid` for a bundle that `train` did not write. */
function readProvenance(bundle: Bundle): Provenance {
  const parsed = provenanceSchema.safeParse(bundle.manifest.provenance);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError('bundle-manifest-invalid', 'The bundle does not say how it was trained', {
    field: ['manifest.provenance', ...issue.path].join('.'),
    allowed: 'a bundle that train wrote',
    cause: parsed.error,
  });
}

export interface RunData {
  readonly provenance: Provenance;
  /** The graph with the features that the bundle reads. */
  readonly graph: GraphData;
  readonly split: Split;
  readonly splitName: (typeof SPLITS)[number];
  /** The very data and split of the training run. */
  readonly same: boolean;
}

export interface OpenRunDataOptions {
  readonly bundle: Bundle;
  /** What `--data` says. */
  readonly data: string;
  /** The data of the run, where it has just been read for it. @default {read again} */
  readonly loaded?: LoadedData | undefined;
  /** @default {as the bundle was trained} */
  readonly split?: (typeof SPLITS)[number] | undefined;
  readonly signal: AbortSignal;
}

/**
 * @throws {InputError} `bundle-manifest-invalid` for a bundle that `train` did not write, and what
 * the readers of data throw.
 */
export async function openRunData(options: OpenRunDataOptions): Promise<RunData> {
  const { bundle, data, signal } = options;
  const provenance = readProvenance(bundle);
  const { setting, seed } = provenance;
  const splitName = options.split ?? provenance.split;
  // The counts are those of the split; another brings its own.
  const { featureNoise, propagation, positions, inputScaling, ...counts } = provenance.options;
  const inputs = { featureNoise, propagation, positions, ...(inputScaling && { inputScaling }) };
  const loaded =
    options.loaded ??
    (await loadData({
      data,
      seed,
      split: splitName,
      ...(splitName === provenance.split && counts),
      signal,
    }));
  const { nodeCount } = loaded.graph.adjacency;
  const random = createRandom(seed);
  const { split, visible } = splitFor(setting, loaded.split, nodeCount, random);
  const { students: features } = featuresRead(loaded.graph, inputs, visible, random);
  return {
    provenance,
    graph: { ...loaded.graph, features },
    split,
    splitName,
    same: splitName === provenance.split && loaded.graph.sha256 === provenance.dataSha256,
  };
}
