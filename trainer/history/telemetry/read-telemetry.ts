// A plant's telemetry from its files, and what a check tells of it.
import { readTables } from '@dandan/shared/telemetry-table';
import type { IssueCollector } from '../../data/issues.ts';
import type { PlantProject } from '../project/index.ts';
import { openFolder } from './folder-store.ts';
import { summarise } from './summarise.ts';
import type { TelemetryRead } from './summary.ts';

export interface ReadTelemetryOptions {
  readonly project: Pick<PlantProject, 'telemetry' | 'timeZone' | 'channels'>;
  /** The folder of plant.yaml, which the names of files are relative to. */
  readonly folder: string;
  /** Told of everything that is wrong, by file, line and column. */
  readonly issues: IssueCollector;
  /** Share of the bytes that have been read, 0..1, and the file that is read. */
  onProgress?(share: number, file: string): void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads all telemetry files of a project: CSV, TSV and Parquet, wide and long. Values are in the
 * unit that the project gives a channel, else in the first that the files state. Where `issues`
 * returns, the cell, line or file is left out; a file is given up at `MAX_PROBLEMS_A_FILE`.
 *
 * @throws {InputError} `option-invalid` for patterns of files that leave the folder; what `issues`
 * throws; the signal's reason when aborted.
 */
export async function readTelemetry(options: ReadTelemetryOptions): Promise<TelemetryRead> {
  const { project, folder, issues, onProgress, signal } = options;
  const read = await readTables({
    sources: project.telemetry,
    timeZone: project.timeZone,
    channels: project.channels,
    store: openFolder(folder, signal),
    report: (problem) => issues.report(problem),
    onProgress: (share, file) => onProgress?.(share, file),
    signal,
  });
  return { telemetry: read.telemetry, summary: summarise(read, project.channels) };
}
