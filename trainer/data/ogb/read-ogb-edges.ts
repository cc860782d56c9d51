// raw/edge.csv: pairs of nodes, directed or not.
import type { EdgeList } from '../../graph/build-adjacency.ts';
import { type IssueCollector, reportLine } from '../issues.ts';
import { MAX_EDGES } from '../limits.ts';
import { createInt32List } from '../number-list.ts';
import type { FoundTable } from '../text/find-table.ts';
import { readNumberRows } from '../text/read-number-rows.ts';

export interface OgbEdges {
  readonly edges: EdgeList;
  /** Lines read. */
  readonly rows: number;
}

/** Reads `source,target` lines; both ends must lie in 0..nodeCount−1. */
export async function readOgbEdges(options: {
  readonly table: FoundTable;
  readonly nodeCount: number;
  /** Room to make at once, from num-edge-list.csv. */
  readonly expected: number | undefined;
  readonly issues: IssueCollector;
  readonly signal?: AbortSignal | undefined;
}): Promise<OgbEdges> {
  const { table, nodeCount, expected, issues, signal } = options;
  const sources = createInt32List(expected);
  const targets = createInt32List(expected);
  const isNode = (value: number) => value >= 0 && value < nodeCount && Number.isInteger(value);
  let rows = 0;

  function onRow(ends: Float64Array, line: number): void {
    rows++;
    const [source, target] = ends;
    const wrong = isNode(source) ? (isNode(target) ? -1 : 1) : 0;
    if (wrong < 0 && sources.length < MAX_EDGES) {
      sources.push(source);
      targets.push(target);
      return;
    }
    reportLine(issues, table.name, line, {
      column: wrong === 1 ? 'target' : 'source',
      message: wrong < 0 ? 'too many edges' : 'no such node',
      value: `${ends[Math.max(0, wrong)]}`,
      allowed: wrong < 0 ? `at most ${MAX_EDGES} edges` : `0..${nodeCount - 1}`,
    });
  }

  await readNumberRows({ ...table, columns: 2, maxColumns: 2, issues, signal, onRow });
  return { edges: { nodeCount, sources: sources.view(), targets: targets.view() }, rows };
}
