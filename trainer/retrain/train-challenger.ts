// The challenger: the champion's own recipe on the data and labels of today.
import { type Bundle, readBundle, sha256Hex } from '@dandan/shared/bundle';
import { createRandom } from '@dandan/shared/random';
import type { LoadedData } from '../data/load-data.ts';
import type { GraphData, Split } from '../graph/graph-data.ts';
import { hashSplit } from '../graph/hash-split.ts';
import type { WithHardCases } from '../hard-cases/add-hard-cases.ts';
import { featuresRead, splitFor } from '../run/prepare.ts';
import { type TrainRunOptions, trainRun } from '../run/train-run.ts';
import type { BundleFile } from './measure-contenders.ts';
import type { Recipe } from './recipe.ts';

export interface TrainChallengerOptions
  extends Pick<
    TrainRunOptions,
    | 'model'
    | 'version'
    | 'created'
    | 'codeVersion'
    | 'checkpoint'
    | 'progress'
    | 'engine'
    | 'signal'
  > {
  readonly recipe: Recipe;
  /** With the hard cases, if any. */
  readonly loaded: LoadedData & Partial<WithHardCases>;
  /** What the students start from; `undefined`: fresh weights. */
  readonly warmStart: { readonly champion: Bundle; readonly sha256: string } | undefined;
}

/** What the manifest tells of where the challenger comes from. */
export function toldOf({
  loaded: { hardCases, split },
  warmStart,
}: {
  readonly loaded: Pick<TrainChallengerOptions['loaded'], 'split' | 'hardCases'>;
  readonly warmStart: TrainChallengerOptions['warmStart'];
}) {
  return {
    setsSha256: hashSplit(split),
    ...(hardCases && {
      hardCases: { ...hardCases, unknownClasses: { ...hardCases.unknownClasses } },
    }),
    ...(warmStart && { warmStart: warmStart.sha256 }),
  };
}

/** @throws the signal's reason when aborted; finished phases stay in the checkpoint. */
export async function trainChallenger(options: TrainChallengerOptions): Promise<BundleFile> {
  const { recipe, loaded, warmStart, ...run } = options;
  const { bytes } = await trainRun({
    ...run,
    graph: loaded.graph,
    split: loaded.split,
    splitName: loaded.splitName,
    options: recipe.options,
    corrections: loaded.corrections,
    champion: warmStart?.champion,
    told: toldOf(options),
  });
  return { bytes, bundle: await readBundle(bytes), sha256: await sha256Hex(bytes) };
}

/** The held-out nodes of a run, and the rows that its students read of them. */
export function heldOut(
  { graph, split }: { readonly graph: GraphData; readonly split: Split },
  { options }: Recipe,
): { readonly graph: GraphData; readonly nodes: Int32Array } {
  const random = createRandom(options.seed);
  const { nodeCount } = graph.adjacency;
  const { split: run, visible } = splitFor(options.setting, split, nodeCount, random);
  const { students: features } = featuresRead(graph, options, visible, random);
  return { graph: { ...graph, features }, nodes: run.test };
}
