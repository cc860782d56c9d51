// The history of a project folder, read once and divided anew for every seed.
import { refuseFirst } from '../../data/issues.ts';
import { historyNodes } from '../../history/history-graph.ts';
import { createNotes } from '../../history/notes.ts';
import { readProject } from '../../history/project/read-project.ts';
import { readHistory } from '../../history/read-history.ts';
import { historySplit } from '../../history/split/index.ts';
import type { EdgeHistory } from './edge-history.ts';

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
  const { path, signal } = options;
  const read = await readProject(path);
  const notes = createNotes();
  const history = await readHistory({ ...read, issues: refuseFirst, notes, signal });
  const { classes, places, features, labels } = await historyNodes({ history, signal });
  const { project, spec, topology, telemetry } = history;
  return (seed) => {
    const { split } = historySplit({
      ...{ places, spec, labels, classes, seed },
      normal: project.normal,
      split: project.split,
      runs: telemetry.runs,
    });
    const common = { classes, spec, features, labels, places, topology, split };
    return { name: project.model, ...common };
  };
}
