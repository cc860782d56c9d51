// The edge table: two columns of node ids.
import type { EdgeList } from '../../graph/build-adjacency.ts';
import { type IssueCollector, reportLine } from '../issues.ts';
import { MAX_EDGES } from '../limits.ts';
import { createInt32List } from '../number-list.ts';
import { findEdgeColumns } from './find-columns.ts';
import { idText, type NodeIds } from './node-ids.ts';
import type { TableSource } from './table-source.ts';

/** Reads the edges; an edge with an end that no node has is reported and left out. */
export async function readEdgeTable(options: {
  readonly source: TableSource;
  readonly ids: NodeIds;
  readonly issues: IssueCollector;
  readonly signal?: AbortSignal | undefined;
}): Promise<EdgeList> {
  const { source, ids, issues, signal } = options;
  const positions = findEdgeColumns(source);
  const ends = [createInt32List(source.rows), createInt32List(source.rows)];
  await source.read({
    positions,
    issues,
    signal,
    onCell(row, place, cell, line) {
      if (row > MAX_EDGES) return;
      const id = idText(cell);
      const node = row === MAX_EDGES ? -1 : ids.find(id);
      ends[place].set(row, node);
      if (node >= 0) return;
      const problem = {
        column: source.columns[positions[place]],
        message: row === MAX_EDGES ? 'too many edges' : 'no such node in the node table',
        value: id,
        allowed: row === MAX_EDGES ? `at most ${MAX_EDGES} edges` : 'an id of the node table',
      };
      reportLine(issues, source.name, line, problem, source.unit);
    },
  });
  const [sources, targets] = ends.map((list) => list.view());
  const whole = (e: number) => sources[e] >= 0 && targets[e] >= 0;
  let kept = 0;
  for (let e = 0; e < sources.length; e++) {
    if (!whole(e)) continue;
    sources[kept] = sources[e];
    targets[kept++] = targets[e];
  }
  return {
    nodeCount: ids.size,
    sources: sources.subarray(0, kept),
    targets: targets.subarray(0, kept),
  };
}
