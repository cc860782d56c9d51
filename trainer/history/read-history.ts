// Everything that the files of a project say: readings, what people know of them, the drawing of
// the line, and what a row is to hold.
import type { TelemetrySpec } from '@dandan/shared/features';
import type { IssueCollector } from '../data/issues.ts';
import type { LabelInterval } from './label-interval.ts';
import { checkClasses, classNames, readLabels } from './labels/index.ts';
import type { Notes } from './notes.ts';
import type { PlantProject } from './project/index.ts';
import type { ReadProject } from './project/read-project.ts';
import { namingLines, withLines } from './project/setting-lines.ts';
import { type Proposal, proposeFeatures, specOf } from './proposal/index.ts';
import { readTelemetry, type TelemetrySummary } from './telemetry/index.ts';
import type { Telemetry } from './telemetry.ts';
import { readTopology } from './topology/index.ts';
import type { Topology } from './topology.ts';

export interface ReadHistoryOptions extends ReadProject {
  readonly issues: IssueCollector;
  /** Takes what is doubtful. */
  readonly notes: Notes;
  /** Share of the bytes that have been read, 0..1. */
  onProgress?(share: number): void;
  readonly signal?: AbortSignal | undefined;
}

export interface History {
  readonly project: PlantProject;
  readonly telemetry: Telemetry;
  readonly summary: TelemetrySummary;
  /** Of the sheets and of label columns. */
  readonly intervals: readonly LabelInterval[];
  readonly topology: Topology;
  readonly proposal: Proposal;
  readonly spec: TelemetrySpec;
}

/**
 * Reads the files of a project.
 *
 * @throws {InputError} `config-invalid`, `data-missing`, `option-invalid`; what `issues` throws; the
 * signal's reason when aborted.
 */
export async function readHistory(options: ReadHistoryOptions): Promise<History> {
  const { project, issues, notes, onProgress, signal, ...place } = options;
  const common = { ...place, project, issues, notes, signal };
  const { telemetry, summary } = await namingLines(place, () =>
    readTelemetry({
      ...common,
      issues: withLines(place, issues),
      onProgress: (share) => onProgress?.(share),
    }),
  );
  const sheets = await readLabels({ ...common, telemetry });
  const topology = await readTopology({ ...common, assets: telemetry.assets });
  const intervals = [...telemetry.intervals, ...sheets];
  checkClasses({ ...common, telemetry, classes: classNames(project, intervals) });
  const proposal = proposeFeatures({ telemetry, project, intervals: sheets });
  const spec = specOf({ ...place, project, telemetry, intervals: sheets, proposal, topology });
  return { project, telemetry, summary, intervals, topology, proposal, spec };
}
