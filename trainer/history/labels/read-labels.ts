// What people wrote down about a plant, held against what its telemetry says.
import { basename } from 'node:path';
import type { IssueCollector } from '../../data/issues.ts';
import { createNotes, type Notes } from '../notes.ts';
import type { ReadProject } from '../project/read-project.ts';
import { spansOf } from '../spans.ts';
import type { Telemetry } from '../telemetry.ts';
import { checkIntervals } from './check-intervals.ts';
import { checkOverlaps } from './check-overlaps.ts';
import { readLabelSheets } from './read-label-sheets.ts';
import type { SheetInterval } from './sheet-interval.ts';

export interface ReadLabelsOptions extends ReadProject {
  /** Whose machines, runs, times and own labels the sheets are held against. */
  readonly telemetry: Telemetry;
  readonly issues: IssueCollector;
  /** Takes what is doubtful. @default {nobody reads it} */
  readonly notes?: Notes | undefined;
  /** Time between two windows, where it is known: shorter intervals are doubtful. */
  readonly strideMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** People write in a sheet what the telemetry files call a machine, which a project may rename. */
function assetNames({ telemetry }: ReadProject['project']): ReadonlyMap<string, string> {
  return new Map(telemetry.flatMap(({ assets = {} }) => Object.entries(assets)));
}

/**
 * The intervals of all label sheets of a project. Those that the telemetry files themselves hold
 * are in `telemetry.intervals` and not repeated here.
 *
 * Reports by file and line: what cannot be read, machines, runs and classes that do not exist (with
 * the names that may have been meant), times without readings, overlaps of different classes.
 *
 * @returns in the order of files and lines; lines that could not be read are left out.
 */
export async function readLabels(options: ReadLabelsOptions): Promise<SheetInterval[]> {
  const { project, folder, file, lineOf, telemetry, issues, signal } = options;
  const { labels, timeZone, classes } = project;
  const notes = options.notes ?? createNotes();
  const written = await readLabelSheets({
    folder,
    labels,
    timeZone,
    field: `${basename(file)}:${lineOf(['labels', 'files'])}:labels.files`,
    issues,
    notes,
    signal,
  });
  const names = assetNames(project);
  const intervals = written.map(({ asset, ...interval }) => ({
    ...interval,
    asset: asset === undefined ? undefined : (names.get(asset) ?? asset),
  }));
  const shown = { timeZone: labels.timeZone ?? timeZone, issues, notes };
  const spans = spansOf(telemetry);
  checkIntervals({ ...shown, intervals, spans, classes, strideMs: options.strideMs });
  const fromFiles = telemetry.intervals;
  checkOverlaps({ ...shown, intervals, fromFiles, assets: telemetry.assets });
  return intervals;
}
