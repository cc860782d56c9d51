// The one door to training data: a graph in any layout, or the embedded plant by name.
import { InputError } from '@dandan/shared/error';
import { createPlant } from '@dandan/shared/plant';
import type { GraphData, Split } from '../graph/graph-data.ts';
import {
  DEFAULT_PER_CLASS_TRAIN,
  DEFAULT_PER_CLASS_VALIDATION,
  type RandomSplitOptions,
  randomSplit,
} from '../graph/split.ts';
import { graphStatistics } from '../graph/statistics.ts';
import { loadHistory } from '../history/load-history.ts';
import { isProject } from '../history/project/find-project.ts';
import { plantGraph } from '../plant/index.ts';
import { readGraph } from './read-graph.ts';
import { readNotes } from './read-notes.ts';

/** The word that stands for the embedded plant in place of a folder. */
export const PLANT = 'plant';

/** What somebody must know who trains on a plant's history as if it were a public graph. */
const DRAWN_SINGLY =
  'Single windows are drawn at random, so test windows share readings with those learnt from: the accuracies are not those of other days.';

export type SplitName = 'public' | 'random';

export interface LoadDataOptions {
  /**
   * A file or folder in any layout of `read-graph.ts`, the folder of a plant.yaml, or `plant`. Write
   * `./plant` for a folder of that name.
   */
  readonly data: string;
  /** Fixes a random split; for the plant also the plant and its history. */
  readonly seed: number;
  /**
   * `public`: the split that the data came with (the plant's own: few labels).
   * `random`: 20 labelled nodes per class to train and 30 to validate.
   *
   * @default {public where the data has one, else random}
   */
  readonly split?: SplitName | undefined;
  /** Training nodes per class of a random split. @default {20} */
  readonly labelsPerClass?: number | undefined;
  /** Validation nodes per class of a random split. @default {30} */
  readonly validationPerClass?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface LoadedData {
  readonly graph: GraphData;
  readonly split: Split;
  readonly splitName: SplitName;
  /** What was mended, assumed or is doubtful, in words. */
  readonly notes: readonly string[];
}

interface Source {
  readonly graph: GraphData;
  readonly notes: readonly string[];
  /** Whether `graph.publicSplit` has as many labels as were asked for. */
  readonly counted?: boolean;
}

/** A project deals its windows itself, unless single ones are to be drawn. */
async function readPlant(options: LoadDataOptions): Promise<Source> {
  const { data: path, split, ...rest } = options;
  if (split !== 'random') return { ...(await loadHistory({ path, ...rest })), counted: true };
  const { graph, notes } = await loadHistory({ path, seed: rest.seed, signal: rest.signal });
  return { graph, notes: [...notes, DRAWN_SINGLY] };
}

async function readSource(options: LoadDataOptions): Promise<Source> {
  const { data, seed, signal } = options;
  if (data === PLANT) {
    return { graph: plantGraph({ plant: createPlant({ seed }), seed }).graph, notes: [] };
  }
  if (await isProject(data)) return readPlant(options);
  const read = await readGraph({ path: data, signal });
  return { graph: read.graph, notes: readNotes(read) };
}

/** The sets that training and reporting need and that the data's own split leaves empty. */
function missingSets({ publicSplit: split }: GraphData) {
  return (['train', 'validation', 'test'] as const).filter((set) => !split?.[set].length);
}

const hasPublicSplit = (graph: GraphData) => missingSets(graph).length === 0;

function publicSplit(graph: GraphData): Split {
  const { publicSplit: split, name } = graph;
  const missing = missingSets(graph);
  if (split !== undefined && missing.length === 0) return split;
  throw new InputError('option-invalid', `${name} comes without a public split`, {
    field: 'split',
    value: `public, but no ${missing.join(', ')} nodes`,
    allowed: 'random, or data that marks train, val and test nodes',
  });
}

function smallClasses(
  { classes }: GraphData,
  sizes: readonly number[],
  train: number,
  validation: number,
): string[] {
  // At least one is left to test.
  const wanted = train + validation + 1;
  return classes
    .map((name, index) => ({ name, size: sizes[index] }))
    .filter(({ size }) => size < wanted)
    .map(
      ({ name, size }) =>
        `Class ${name} has ${size} labelled nodes, fewer than the ${wanted} of the random ${train}/${validation} split: its nodes are divided in the same proportion.`,
    );
}

function refuseCounts(): never {
  throw new InputError('option-invalid', 'A public split has the labels it came with', {
    field: '--labels-per-class or --validation-per-class',
    value: 'with the public split',
    allowed: '--split random',
  });
}

/**
 * Loads data and its split.
 *
 * @throws {InputError} `data-missing`, `data-invalid` naming file, line and column;
 * `option-invalid` when a public split is asked for and there is none.
 */
export async function loadData(options: LoadDataOptions): Promise<LoadedData> {
  const { seed, signal } = options;
  signal?.throwIfAborted();
  const { graph, notes, counted: hasCounts = false } = await readSource(options);
  const { classSizes, doubts } = graphStatistics(graph);
  const { labelsPerClass, validationPerClass } = options;
  const counted = !hasCounts && (labelsPerClass !== undefined || validationPerClass !== undefined);
  const usual = hasPublicSplit(graph) && !counted ? 'public' : 'random';
  const splitName = options.split ?? usual;
  if (splitName === 'public') {
    if (counted) refuseCounts();
    return { graph, split: publicSplit(graph), splitName, notes: [...notes, ...doubts] };
  }
  const perClassTrain = labelsPerClass ?? DEFAULT_PER_CLASS_TRAIN;
  const perClassValidation = validationPerClass ?? DEFAULT_PER_CLASS_VALIDATION;
  const drawn: RandomSplitOptions = {
    labels: graph.labels,
    classes: graph.classes.length,
    seed,
    perClassTrain,
    perClassValidation,
  };
  return {
    graph,
    split: randomSplit(drawn),
    splitName,
    notes: [
      ...notes,
      ...smallClasses(graph, classSizes, perClassTrain, perClassValidation),
      ...doubts,
    ],
  };
}
