// A project folder, read, with its rows: what does not depend on a seed.
import { refuseFirst } from '../data/issues.ts';
import { type HistoryNodes, historyNodes } from './history-graph.ts';
import { createNotes } from './notes.ts';
import { type ReadProject, readProject } from './project/read-project.ts';
import { type History, readHistory } from './read-history.ts';

export interface OpenHistoryOptions {
  /** The folder, or its plant.yaml. */
  readonly path: string;
  /** Where the files lie that plant.yaml names. @default {beside it} */
  readonly folder?: string | undefined;
  /** What is done and the share of it, 0..1. */
  onProgress?(what: string, share: number): void;
  readonly signal?: AbortSignal | undefined;
}

export interface OpenedHistory {
  readonly read: ReadProject;
  readonly history: History;
  readonly nodes: HistoryNodes;
  /** What was mended, assumed or is doubtful, in words. */
  readonly notes: readonly string[];
}

/** @throws {InputError} the first thing that is wrong; the signal's reason when aborted. */
export async function openHistory(options: OpenHistoryOptions): Promise<OpenedHistory> {
  const { path, onProgress, signal } = options;
  const notes = createNotes();
  const read = await readProject(path);
  const history = await readHistory({
    ...read,
    folder: options.folder ?? read.folder,
    issues: refuseFirst,
    notes,
    onProgress: (share) => onProgress?.('reading', share),
    signal,
  });
  const nodes = await historyNodes({
    history,
    onProgress: (share) => onProgress?.('building rows', share),
    signal,
  });
  return { read, history, nodes, notes: notes.sentences };
}
