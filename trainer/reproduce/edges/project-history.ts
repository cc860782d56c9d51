// The history of a project folder, read once and divided anew for every seed.
import { openHistory } from '../../history/open-history.ts';
import { type EdgeHistory, edgeHistory } from './edge-history.ts';

export interface ProjectHistoriesOptions {
  /** The folder, or its plant.yaml. */
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * @returns what gives the history of a seed.
 * @throws {InputError} what is wrong with the files; the signal's reason when aborted.
 */
export async function projectHistories(
  options: ProjectHistoriesOptions,
): Promise<(seed: number) => EdgeHistory> {
  const { read, nodes } = await openHistory(options);
  return (seed) => edgeHistory(read.project.model, nodes, seed);
}
