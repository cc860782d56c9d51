// edges.csv: pairs of nodes, in any direction and order.
import type { EdgeList } from '../../graph/build-adjacency.ts';
import { shorten } from '../issues.ts';
import { MAX_EDGES } from '../limits.ts';
import { createInt32List } from '../number-list.ts';
import { parseNode } from '../text/parse-node.ts';
import { readTable } from '../text/read-table.ts';
import type { ReadOptions } from './read-features.ts';

export interface ReadEdgesOptions extends ReadOptions {
  /** Both ends must lie in 0..nodeCount−1. */
  readonly nodeCount: number;
}

/** Reads `src,dst`. */
export async function readEdges(options: ReadEdgesOptions): Promise<EdgeList> {
  const { name, issues, nodeCount } = options;
  const sources = createInt32List();
  const targets = createInt32List();

  function onRow([source, target]: readonly string[], line: number): void {
    const ends = [parseNode(source, nodeCount), parseNode(target, nodeCount)];
    const wrong = ends.indexOf(-1);
    if (wrong < 0 && sources.length < MAX_EDGES) {
      sources.push(ends[0]);
      targets.push(ends[1]);
      return;
    }
    issues.report({
      code: 'data-invalid',
      message:
        wrong < 0
          ? `${name} line ${line}: too many edges`
          : `${name} line ${line}: no such node in labels.csv or features.csv`,
      field: `${name}:${line}:${wrong === 1 ? 'dst' : 'src'}`,
      value: shorten(wrong === 1 ? target : source),
      allowed: wrong < 0 ? `at most ${MAX_EDGES} edges` : `0..${nodeCount - 1}`,
    });
  }

  await readTable({ ...options, columns: ['src', 'dst'], onRow });
  return { nodeCount, sources: sources.view(), targets: targets.view() };
}
