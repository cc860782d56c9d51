// `dandan data check`: what a graph on disk holds and what is wrong with it, by line.
import { type GraphStatistics, graphStatistics } from '../graph/statistics.ts';
import { describeGraph } from './describe-graph.ts';
import type { LayoutName, ReadCounts } from './graph-reader.ts';
import { collectIssues, type Issue } from './issues.ts';
import { readGraph } from './read-graph.ts';
import { readNotes } from './read-notes.ts';

export interface CheckDataOptions {
  /** A file or a folder. */
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
}

export interface DataReport {
  /** True when the data can be trained on as it is. */
  readonly ok: boolean;
  /** The layout it was read in; `undefined` when nothing could be read. */
  readonly layout: LayoutName | undefined;
  readonly name: string | undefined;
  readonly classes: readonly string[];
  /** Of what could be read; `undefined` when nothing could. */
  readonly statistics: GraphStatistics | undefined;
  /** What was mended among the edges. */
  readonly counts: ReadCounts | undefined;
  /** What was mended, assumed or is doubtful, in words. */
  readonly notes: readonly string[];
  /** The first problems found, without causes: plain JSON. */
  readonly issues: readonly Omit<Issue, 'cause'>[];
  /** How many problems there are in all. */
  readonly issueCount: number;
  /** The report for people. */
  readonly lines: readonly string[];
}

function describeIssue({ field, message, value, allowed }: Issue): string {
  const found = value === undefined ? '' : `, found ${JSON.stringify(value)}`;
  return `${field}: ${message}${found}; allowed: ${allowed}`;
}

function describeIssues(issues: readonly Issue[], total: number): string[] {
  if (total === 0) return ['no problems found'];
  const lines = [`${total} problem${total === 1 ? '' : 's'}:`, ...issues.map(describeIssue)];
  if (total > issues.length) lines.push(`… and ${total - issues.length} more`);
  return lines;
}

/**
 * Checks data in any layout. Bad lines do not stop it: they are reported, left out, and
 * the figures describe the rest. Never throws for bad data.
 */
export async function checkData({ path, signal }: CheckDataOptions): Promise<DataReport> {
  const collected = collectIssues();
  const read = await readGraph({ path, issues: collected, signal });
  const { issues, total } = collected;
  const statistics = read && graphStatistics(read.graph);
  const notes = read && statistics ? [...readNotes(read), ...statistics.doubts] : [];
  return {
    ok: total === 0,
    layout: read?.layout,
    name: read?.graph.name,
    classes: read?.graph.classes ?? [],
    statistics,
    counts: read?.counts,
    notes,
    issues: issues.map(({ cause: _, ...issue }) => issue),
    issueCount: total,
    lines: [
      ...(read && statistics ? describeGraph(read, statistics) : []),
      ...notes.map((note) => `note: ${note}`),
      ...describeIssues(issues, total),
    ],
  };
}
