// What the cascade answers, node by node, as a table: to look into, or to hold against what a
// gateway said of the same windows.
import type { Bundle } from '@dandan/shared/bundle';
import { createCascade, runCascade } from '@dandan/shared/cascade';
import { selectRows } from '@dandan/shared/kernel';
import type { GraphData } from '../graph/graph-data.ts';
import { quantiseFeatures } from '../quantise/input.ts';

export interface PredictionsTableOptions {
  readonly bundle: Bundle;
  /** With the features that the bundle reads. */
  readonly graph: GraphData;
  /** Ascending. */
  readonly nodes: Int32Array;
}

/** Fields with a comma, a quote or a line break are quoted (RFC 4180). */
const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * CSV with the columns node, class (a position), stage, label (its name) and confidence (float32,
 * in as many digits as tell it apart), with early exits as by day; of a plant's history also asset,
 * run and time (end of the window, milliseconds since the epoch).
 */
export function predictionsTable({ bundle, graph, nodes }: PredictionsTableOptions): string {
  const { classes, places } = graph;
  const rows = selectRows(quantiseFeatures(graph.features, bundle.input), nodes);
  const answers = runCascade(createCascade(bundle), rows, bundle.manifest.policies.day);
  const lines = Array.from(nodes, (node, i) => {
    const own = [node, answers.classes[i], answers.stage[i], field(classes[answers.classes[i]])];
    const common = [...own, answers.confidence[i]];
    if (places === undefined) return common.join(',');
    const { assets, asset, runs, run, time } = places;
    return [...common, field(assets[asset[node]]), field(runs[run[node]]), time[node]].join(',');
  });
  const where = places === undefined ? '' : ',asset,run,time';
  return `node,class,stage,label,confidence${where}\n${lines.join('\n')}\n`;
}
