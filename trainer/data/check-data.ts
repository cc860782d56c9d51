// `dandan data check`: what a graph folder holds and what is wrong with it, by line.
import { stat } from 'node:fs/promises';
import type { GraphData } from '../graph/graph-data.ts';
import { type GraphStatistics, graphStatistics } from '../graph/statistics.ts';
import { readGraphFolder } from './graph-folder/read-graph-folder.ts';
import { collectIssues, type Issue } from './issues.ts';
import { readNotes } from './read-notes.ts';

export interface CheckDataOptions {
  readonly dir: string;
  readonly signal?: AbortSignal | undefined;
}

export interface DataReport {
  /** True when the folder can be trained on as it is. */
  readonly ok: boolean;
  readonly name: string | undefined;
  readonly classes: readonly string[];
  /** Of what could be read; `undefined` when nothing could. */
  readonly statistics: GraphStatistics | undefined;
  /** What was mended or assumed. */
  readonly notes: readonly string[];
  /** The first problems found, without causes: plain JSON. */
  readonly issues: readonly Omit<Issue, 'cause'>[];
  /** How many problems there are in all. */
  readonly issueCount: number;
  /** The report for people. */
  readonly lines: readonly string[];
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

function describeGraph(graph: GraphData, statistics: GraphStatistics): string[] {
  const { features, split, edgeHomophily, adjustedHomophily, withoutLabel } = statistics;
  const labelled = statistics.nodes - withoutLabel;
  const lines = [
    `${graph.name}: ${statistics.nodes} nodes, ${statistics.edges} edges (${statistics.meanDegree.toFixed(1)} neighbours a node), ${statistics.isolated} isolated`,
    `features: ${features.columns} columns, ${features.kind}, ${features.meanNonZeros.toFixed(1)} non-zero a node`,
    `classes: ${graph.classes.length}`,
    ...graph.classes.map((name, index) => {
      const size = statistics.classSizes[index];
      return `  ${name}: ${size} (${percent(labelled === 0 ? 0 : size / labelled)})`;
    }),
  ];
  if (withoutLabel > 0) lines.push(`  without label: ${withoutLabel}`);
  lines.push(
    split === undefined
      ? 'split: none in the data; train with --split random'
      : `split: ${split.train} train (${percent(statistics.labelRate)}), ${split.validation} validation, ${split.test} test, ${split.unlabelled} none`,
  );
  if (edgeHomophily !== undefined) {
    const adjusted = adjustedHomophily === undefined ? '–' : adjustedHomophily.toFixed(3);
    lines.push(`homophily: ${edgeHomophily.toFixed(3)} of the edges, adjusted ${adjusted}`);
  }
  return lines;
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

async function isFolder(dir: string): Promise<boolean> {
  return (await stat(dir).catch(() => undefined))?.isDirectory() ?? false;
}

/**
 * Checks a graph folder. Bad lines do not stop it: they are reported, left out, and
 * the figures describe the rest. Never throws for bad data.
 */
export async function checkData({ dir, signal }: CheckDataOptions): Promise<DataReport> {
  const collected = collectIssues();
  const folder = (await isFolder(dir))
    ? await readGraphFolder({ dir, issues: collected, signal })
    : collected.report({
        code: 'data-missing',
        message: 'There is no such folder',
        field: 'dir',
        value: dir,
        allowed: 'a folder with edges.csv, labels.csv and features.csv',
      });
  const { issues, total } = collected;
  const plain = issues.map(({ cause: _, ...issue }) => issue);
  if (!folder) {
    const lines = describeIssues(issues, total);
    return {
      ok: false,
      name: undefined,
      classes: [],
      statistics: undefined,
      notes: [],
      issues: plain,
      issueCount: total,
      lines,
    };
  }
  const { graph } = folder;
  const statistics = graphStatistics(graph);
  const notes = [...readNotes(folder.counts), ...statistics.doubts];
  return {
    ok: total === 0,
    name: graph.name,
    classes: graph.classes,
    statistics,
    notes,
    issues: plain,
    issueCount: total,
    lines: [
      ...describeGraph(graph, statistics),
      ...notes.map((note) => `note: ${note}`),
      ...describeIssues(issues, total),
    ],
  };
}
