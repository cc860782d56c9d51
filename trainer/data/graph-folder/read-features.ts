// features.csv: one line per node, the non-zero columns of its row.
import { InputError } from '@dandan/shared/error';
import { MAX_FEATURES } from '@dandan/shared/features';
import { type IssueCollector, type LineProblem, reportLine } from '../issues.ts';
import { MAX_NODES, MAX_NON_ZEROS } from '../limits.ts';
import { createFloat32List, createInt32List } from '../number-list.ts';
import { parseNode } from '../text/parse-node.ts';
import { readTable } from '../text/read-table.ts';
import { parseFeatures } from './parse-features.ts';

/** Rows in file order. */
export interface FeatureLines {
  /** int32 [lines]: the node of each row. */
  readonly nodes: Int32Array;
  /** int32 [lines + 1]: entries of row i. */
  readonly offsets: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

export interface ReadOptions {
  readonly path: string;
  readonly name: string;
  readonly issues: IssueCollector;
  readonly signal?: AbortSignal | undefined;
}

/** Reads `node,features`. */
export async function readFeatures(options: ReadOptions): Promise<FeatureLines> {
  const { name, issues } = options;
  const nodes = createInt32List();
  const offsets = createInt32List();
  const entries = { indices: createInt32List(), values: createFloat32List() };
  const seen = new Set<number>();
  offsets.push(0);

  /** Appends a row, or says what is wrong with it. */
  function append(nodeText: string, features: string): LineProblem | undefined {
    const node = parseNode(nodeText, MAX_NODES);
    if (node < 0 || seen.has(node)) {
      return {
        column: 'node',
        message: node < 0 ? 'not a node number' : 'a second row for the node',
        value: nodeText,
        allowed: node < 0 ? `0..${MAX_NODES - 1}` : 'one line per node',
      };
    }
    const problem = parseFeatures(features, entries);
    if (problem !== undefined) {
      return { column: 'features', message: 'not usable as features', ...problem };
    }
    seen.add(node);
    nodes.push(node);
    offsets.push(entries.indices.length);
    return undefined;
  }

  function onRow([nodeText, features]: readonly string[], line: number): void {
    if (entries.indices.length > MAX_NON_ZEROS) {
      throw new InputError('data-invalid', `${name} has too many entries`, {
        field: `${name}:${line}:features`,
        value: entries.indices.length,
        allowed: `at most ${MAX_NON_ZEROS} entries in all`,
      });
    }
    const problem = append(nodeText, features);
    if (problem !== undefined) reportLine(issues, name, line, problem);
  }

  await readTable({ ...options, columns: ['node', 'features'], onRow });
  return {
    nodes: nodes.view(),
    offsets: offsets.view(),
    indices: entries.indices.view(),
    values: entries.values.view(),
  };
}

/** Columns d that the rows need: the largest id plus one, at least one. */
export function featureWidth({ indices }: FeatureLines): number {
  let largest = 0;
  for (const index of indices) if (index > largest) largest = index;
  return Math.min(MAX_FEATURES, largest + 1);
}
