// `dandan data check` of a plant's project: what its files hold, what of it can be learnt from, and
// what is wrong by file and line.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '@dandan/shared/error';
import { collectIssues, type Issue, issueOf } from '../../data/issues.ts';
import { createNotes, type Notes } from '../notes.ts';
import { checkProject, type ReadProject } from '../project/read-project.ts';
import { withLines } from '../project/setting-lines.ts';
import { readTelemetry } from '../telemetry/index.ts';
import type { TelemetrySummary } from '../telemetry/summary.ts';
import { classRows } from './class-rows.ts';
import { describeHistory } from './describe-history.ts';
import { describeIssues } from './describe-issues.ts';
import { channelDoubts } from './describe-telemetry.ts';
import { gatherFacts, type HistoryFacts } from './history-facts.ts';
import { checkPage } from './page/check-page.ts';

export interface CheckHistoryOptions {
  /** The folder of plant.yaml, or plant.yaml itself. */
  readonly path: string;
  /** File of the page with plots; `false` for none. @default {check.html beside plant.yaml} */
  readonly page?: string | false | undefined;
  /** What is being done, and which share of it is done, 0..1. */
  onProgress?(work: string, share: number): void;
  readonly signal?: AbortSignal | undefined;
}

export interface HistoryReport {
  /** True when a model can be trained on the history as it is. */
  readonly ok: boolean;
  readonly name: string | undefined;
  readonly classes: readonly string[];
  readonly assets: readonly string[];
  readonly channels: readonly string[];
  /** Windows in all, and labelled ones by class. */
  readonly windows: number;
  readonly windowsOf: Readonly<Record<string, number>>;
  /** What is doubtful or was assumed, in words. */
  readonly notes: readonly string[];
  /** The first problems found, without causes: plain JSON. */
  readonly issues: readonly Omit<Issue, 'cause'>[];
  readonly issueCount: number;
  /** The page that was written. */
  readonly page: string | undefined;
  /** The report for people. */
  readonly lines: readonly string[];
}

function noteTelemetry(
  { files, channels }: TelemetrySummary,
  timeZone: string,
  notes: Notes,
): void {
  for (const { name, doubts } of files) {
    for (const doubt of doubts) {
      notes.add('file', doubt.startsWith(name) ? doubt : `${name}: ${doubt}`);
    }
  }
  for (const channel of channels) {
    for (const { kind, sentence } of channelDoubts(channel, timeZone)) notes.add(kind, sentence);
  }
}

async function writePage(file: string, html: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, html);
  } catch (cause) {
    throw new InputError('option-invalid', `Cannot write '${file}'`, {
      field: '--page',
      value: file,
      allowed: 'a file in a folder that can be written to, or --no-page',
      cause,
    });
  }
}

async function readFacts(
  project: ReadProject,
  options: CheckHistoryOptions,
  found: { issues: ReturnType<typeof collectIssues>; notes: Notes },
): Promise<HistoryFacts | undefined> {
  const { signal, onProgress } = options;
  const { issues, notes } = found;
  const named = withLines(project, issues);
  const read = await readTelemetry({
    project: project.project,
    folder: project.folder,
    issues: named,
    signal,
    onProgress: (share, file) => onProgress?.(`reading ${file}`, share),
  }).catch((error: unknown) => {
    // A pattern of files that cannot be used.
    if (!(error instanceof InputError)) throw error;
    named.report(issueOf(error));
  });
  if (read === undefined) return undefined;
  const { telemetry, summary } = read;
  noteTelemetry(summary, project.project.timeZone, notes);
  // Without a reading every label and every edge would be wrong, too.
  if (telemetry.series.length === 0) return undefined;
  return gatherFacts({
    ...{ ...project, telemetry, summary, issues, notes, signal },
    onProgress: (share) => onProgress?.('making windows', share),
  });
}

/**
 * Checks a project. Bad lines do not stop it: they are reported, left out, and the figures describe
 * the rest.
 *
 * @throws {InputError} `option-invalid` where the page cannot be written; the signal's reason.
 */
export async function checkHistory(options: CheckHistoryOptions): Promise<HistoryReport> {
  const issues = collectIssues();
  const notes = createNotes();
  const project = await checkProject(options.path, issues);
  const facts = project && (await readFacts(project, options, { issues, notes }));
  const page =
    options.page === false
      ? undefined
      : (options.page ?? join(project?.folder ?? '', 'check.html'));
  const found = { issues: issues.issues, issueCount: issues.total, notes: notes.sentences };
  if (facts !== undefined && page !== undefined) {
    await writePage(page, checkPage({ facts, ...found }));
  }
  return {
    ok: issues.total === 0,
    name: project?.project.model,
    classes: facts?.classes ?? [],
    assets: facts?.telemetry.assets ?? [],
    channels: facts?.telemetry.channels.map(({ name }) => name) ?? [],
    windows: facts?.windows?.labels.length ?? 0,
    windowsOf: Object.fromEntries(
      facts === undefined ? [] : classRows(facts).map(({ name, windows }) => [name, windows]),
    ),
    notes: notes.sentences,
    issues: issues.issues.map(({ cause: _, ...issue }) => issue),
    issueCount: issues.total,
    page: facts === undefined ? undefined : page,
    lines: [
      ...(facts === undefined ? [] : describeHistory(facts)),
      ...notes.sentences.map((note) => `note: ${note}`),
      ...describeIssues(issues.issues, issues.total),
      ...(facts === undefined || page === undefined ? [] : [`page with plots: ${page}`]),
    ],
  };
}
