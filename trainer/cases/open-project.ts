// Cases whose data lie in files: the plant.yaml is the project's own, the readings are the user's.
import { fileURLToPath } from 'node:url';
import { refuseFirst } from '../data/issues.ts';
import { type HistoryNodes, historyNodes } from '../history/history-graph.ts';
import { createNotes } from '../history/notes.ts';
import { readProject } from '../history/project/read-project.ts';
import { type History, readHistory } from '../history/read-history.ts';
import type { OpenCaseOptions } from './worked-case.ts';

export interface OpenedProject {
  readonly history: History;
  readonly nodes: HistoryNodes;
}

/**
 * @param name Folder beside this module with a plant.yaml.
 * @throws {InputError} what the readers throw; the signal's reason when aborted.
 */
export async function openProject(
  name: string,
  { folder, onProgress, signal }: OpenCaseOptions,
): Promise<OpenedProject> {
  const read = await readProject(fileURLToPath(new URL(name, import.meta.url)));
  const history = await readHistory({
    ...read,
    folder,
    issues: refuseFirst,
    notes: createNotes(),
    onProgress: (share) => onProgress?.('reading', share),
    signal,
  });
  const nodes = await historyNodes({
    history,
    onProgress: (share) => onProgress?.('building rows', share),
    signal,
  });
  return { history, nodes };
}
