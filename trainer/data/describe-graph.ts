// What a graph holds, in lines for people.
import type { GraphStatistics } from '../graph/statistics.ts';
import type { ReadAnyGraph } from './read-graph.ts';

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}

function describeClasses(classes: readonly string[], statistics: GraphStatistics): string[] {
  const { classSizes, withoutLabel, nodes, largestClassShare } = statistics;
  const labelled = Math.max(1, nodes - withoutLabel);
  const lines = [
    `classes: ${classes.length}, the largest holds ${percent(largestClassShare)} of the labelled nodes`,
    ...classes.map(
      (name, i) => `  ${name}: ${classSizes[i]} (${percent(classSizes[i] / labelled)})`,
    ),
  ];
  return withoutLabel === 0 ? lines : [...lines, `  without label: ${withoutLabel}`];
}

function describeSplit({ split, labelRate }: GraphStatistics): string {
  if (split === undefined) return 'split: none in the data; train with --split random';
  const { train, validation, test, unlabelled } = split;
  return `split: ${train} train (label rate ${percent(labelRate)}), ${validation} validation, ${test} test, ${unlabelled} none`;
}

function describeHomophily({ edgeHomophily, adjustedHomophily }: GraphStatistics): string[] {
  if (edgeHomophily === undefined) return [];
  const adjusted = adjustedHomophily === undefined ? '–' : adjustedHomophily.toFixed(3);
  return [
    `homophily: ${edgeHomophily.toFixed(3)} of the edges, ${adjusted} adjusted for class balance (0 is chance, 1 perfect)`,
  ];
}

/** The figures of `dandan data check`, one topic a line. */
export function describeGraph(read: ReadAnyGraph, statistics: GraphStatistics): string[] {
  const { graph, layout, counts } = read;
  const { features } = statistics;
  const missing = features.missing === 0 ? '' : `, ${features.missing} missing`;
  return [
    `${graph.name}: ${statistics.nodes} nodes, ${statistics.edges} edges (${statistics.meanDegree.toFixed(1)} neighbours a node), ${statistics.isolated} isolated`,
    `layout: ${layout}; ${counts.selfLoops} self-loops, ${counts.duplicateEdges} duplicate edges, ${counts.reciprocalEdges} edges in both directions`,
    `features: ${features.columns} columns, ${features.kind}, ${features.meanNonZeros.toFixed(1)} non-zero a node (${percent(features.density)})${missing}`,
    ...describeClasses(graph.classes, statistics),
    describeSplit(statistics),
    ...describeHomophily(statistics),
  ];
}
