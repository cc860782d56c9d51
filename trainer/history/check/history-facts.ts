// Everything that a check finds out of a plant's history before it tells of it.
import { InputError } from '@dandan/shared/error';
import type { TelemetrySpec } from '@dandan/shared/features';
import { type IssueCollector, issueOf } from '../../data/issues.ts';
import { checkClasses, classNames, readLabels, type SheetInterval } from '../labels/index.ts';
import type { Notes } from '../notes.ts';
import type { ReadProject } from '../project/read-project.ts';
import { fieldPlace } from '../project/setting-lines.ts';
import { type Proposal, proposeFeatures, specOf } from '../proposal/index.ts';
import { type HistorySplit, historySplit, leakage } from '../split/index.ts';
import type { TelemetrySummary } from '../telemetry/summary.ts';
import type { Telemetry } from '../telemetry.ts';
import { readTopology } from '../topology/index.ts';
import type { Topology } from '../topology.ts';
import { noteReference } from './reference-notes.ts';
import { countWindows, type WindowFacts } from './window-facts.ts';

export interface HistoryFacts extends ReadProject {
  readonly telemetry: Telemetry;
  readonly summary: TelemetrySummary;
  /** Of the sheets; those of the files are in `telemetry`. */
  readonly intervals: readonly SheetInterval[];
  readonly classes: readonly string[];
  readonly topology: Topology;
  readonly proposal: Proposal;
  /** `undefined` where what is stated does not go together, as an issue tells. */
  readonly spec: TelemetrySpec | undefined;
  readonly windows: WindowFacts | undefined;
  readonly split: HistorySplit['split'] | undefined;
}

export interface GatherFactsOptions extends ReadProject {
  readonly telemetry: Telemetry;
  readonly summary: TelemetrySummary;
  readonly issues: IssueCollector;
  readonly notes: Notes;
  /** Share of the readings that have been made windows of, 0..1. */
  onProgress?(share: number): void;
  readonly signal?: AbortSignal | undefined;
}

/** That of `dandan train` without --seed. */
const SEED = 1;

/** Reports what `work` refuses; with `field` where the error only knows the setting. */
function attempt<Result>(
  work: () => Result,
  issues: IssueCollector,
  fieldOf: (field: string) => string,
): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const issue = issueOf(error);
    issues.report({ ...issue, field: fieldOf(issue.field) });
    return undefined;
  }
}

function noteCounts(
  options: GatherFactsOptions,
  facts: WindowFacts,
  known: readonly SheetInterval[],
) {
  const { notes } = options;
  facts.counts.slice(0, known.length).forEach((count, index) => {
    const { place } = known[index];
    if (count === 0)
      notes.add('label-unused', `${place}: no window gets its label from this line.`);
  });
}

/** Reads labels and topology, proposes features and counts windows; reports what is wrong. */
export async function gatherFacts(options: GatherFactsOptions): Promise<HistoryFacts> {
  const { project, telemetry, issues, notes, signal } = options;
  const intervals = await readLabels(options);
  const all = [...intervals, ...telemetry.intervals];
  const classes = classNames(project, all);
  checkClasses({ ...options, classes });
  const topology = await readTopology({ ...options, assets: telemetry.assets });
  const proposal = proposeFeatures({ telemetry, project, intervals });
  const spec = attempt(
    () => specOf({ ...options, intervals, proposal, topology }),
    issues,
    (field) => field,
  );
  const facts = { ...options, intervals, classes, topology, proposal, spec };
  if (spec === undefined) return { ...facts, windows: undefined, split: undefined };
  const known = intervals.filter((interval) => classes.includes(interval.class));
  const others = telemetry.intervals.filter((interval) => classes.includes(interval.class));
  const { otherwise, marginMs } = project.labels;
  const rest = otherwise !== undefined && classes.includes(otherwise) ? otherwise : undefined;
  const windows = await countWindows({
    ...{ telemetry, spec, topology, classes, marginMs, signal },
    intervals: [...known, ...others],
    otherwise: rest,
    onProgress: (share) => options.onProgress?.(share),
  });
  noteCounts(options, windows, known);
  noteReference({ telemetry, spec, windows, notes });
  const split =
    classes.length < 2
      ? undefined
      : attempt(
          () =>
            historySplit({
              ...{ places: windows.places, labels: windows.labels, spec, classes },
              normal: classes.includes(project.normal) ? project.normal : undefined,
              split: project.split,
              runs: telemetry.runs,
              seed: SEED,
            }),
          issues,
          (field) => fieldPlace(options, field),
        );
  for (const note of split?.notes ?? []) notes.add('split', note);
  if (split !== undefined) {
    const { warnings } = leakage({ split: split.split, places: windows.places, spec });
    for (const warning of warnings) notes.add('leakage', warning);
  }
  return { ...facts, windows, split: split?.split };
}
