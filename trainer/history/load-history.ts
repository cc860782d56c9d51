// A project folder as the trainer takes it.
import type { GraphData, NodePlaces, Split } from '../graph/graph-data.ts';
import { historyGraph } from './history-graph.ts';
import { openHistory } from './open-history.ts';
import { namingLines } from './project/setting-lines.ts';

export interface LoadHistoryOptions {
  /** The folder, or its plant.yaml. */
  readonly path: string;
  /** Fixes the split. */
  readonly seed: number;
  /** Labelled windows per class. @default {those of the project} */
  readonly labelsPerClass?: number | undefined;
  readonly validationPerClass?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface LoadedHistory {
  readonly graph: GraphData & { readonly publicSplit: Split; readonly places: NodePlaces };
  /** What was mended, assumed or is doubtful, in words. */
  readonly notes: readonly string[];
}

/**
 * Reads a project and makes its graph, with its split as the public one.
 *
 * @throws {InputError} `data-missing`, `data-invalid`, `config-invalid` or `option-invalid`, naming
 * file, line and column where there is one; the signal's reason when aborted.
 */
export async function loadHistory(options: LoadHistoryOptions): Promise<LoadedHistory> {
  const { path, seed, labelsPerClass, validationPerClass, signal } = options;
  const { read, nodes, notes } = await openHistory({ path, signal });
  const counts = {
    ...(labelsPerClass !== undefined && { labelsPerClass }),
    ...(validationPerClass !== undefined && { validationPerClass }),
  };
  const name = read.project.model;
  const built = await namingLines(read, () =>
    historyGraph({ nodes, name, seed, split: counts, signal }),
  );
  return { graph: built.graph, notes: [...notes, ...built.notes] };
}
