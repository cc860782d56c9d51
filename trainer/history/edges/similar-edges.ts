// Windows of machines of one kind that are most like each other, wherever and whenever they were.
import { hasCountWindows, type TelemetrySpec } from '@dandan/shared/features';
import type { FloatRows } from '@dandan/shared/kernel';
import type { NodePlaces } from '../../graph/graph-data.ts';
import { type Guard, nearestNeighbours } from '../../graph/nearest/index.ts';
import type { WindowLine } from '../window-lines.ts';
import { createEdgePairs, type EdgePairs } from './edge-pairs.ts';

export interface SimilarEdgesOptions {
  readonly places: NodePlaces;
  readonly spec: TelemetrySpec;
  /** Scaled, without missing values. */
  readonly rows: FloatRows;
  readonly neighbours: number;
  /** Windows of one line this near to each other are no news: time edges tie them. */
  readonly apart: number;
  readonly lines: readonly WindowLine[];
  /** uint8 [nodes], 1 where training must not see a node. */
  readonly unseen: Uint8Array;
  readonly seed: number;
  onProgress?(share: number): void;
  readonly signal?: AbortSignal | undefined;
}

/** A machine of no known kind is like itself alone. */
function groupsOf({ assets, kinds, asset }: NodePlaces, unseen: Uint8Array): Int32Array[] {
  const groups = new Map<string, number[]>();
  asset.forEach((at, node) => {
    const kind = kinds[at] === undefined ? `asset ${assets[at]}` : `kind ${kinds[at]}`;
    const key = `${unseen[node]} ${kind}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  });
  return [...groups.values()].map((nodes) => Int32Array.from(nodes));
}

/** Line of every node, and where in it: by time, or by order where windows go by count. */
function linePositions({ places, spec, lines }: SimilarEdgesOptions) {
  const line = new Int32Array(places.time.length);
  const position = new Float64Array(places.time.length);
  lines.forEach(({ nodes, times }, at) => {
    nodes.forEach((node, i) => {
      line[node] = at;
      position[node] = hasCountWindows(spec) ? i : times[i] / spec.strideMs;
    });
  });
  return { line, position };
}

function rowsAt({ width, values }: FloatRows, nodes: Int32Array): FloatRows {
  const own = new Float32Array(nodes.length * width);
  nodes.forEach((node, i) => {
    own.set(values.subarray(node * width, (node + 1) * width), i * width);
  });
  return { count: nodes.length, width, values: own };
}

/**
 * Nodes that training sees are compared among themselves, and so are the others: no edge joins the
 * two, and none of the seen loses its place in a list to a node that training must not know of.
 *
 * @throws the signal's reason when aborted.
 */
export async function similarEdges(options: SimilarEdgesOptions): Promise<EdgePairs> {
  const { places, rows, neighbours, apart, unseen, seed, signal, onProgress } = options;
  const { line, position } = linePositions(options);
  const pairs = createEdgePairs();
  let done = 0;
  for (const nodes of groupsOf(places, unseen)) {
    const guard: Guard = {
      group: Int32Array.from(nodes, (node) => line[node]),
      position: Float64Array.from(nodes, (node) => position[node]),
      reach: apart,
    };
    const share = (part: number) => (done + part * nodes.length) / rows.count;
    const { indices } = await nearestNeighbours({
      rows: rowsAt(rows, nodes),
      neighbours,
      guard,
      seed,
      signal,
      onProgress: (part) => onProgress?.(share(part)),
    });
    indices.forEach((found, entry) => {
      if (found >= 0) pairs.add(nodes[Math.floor(entry / neighbours)], nodes[found]);
    });
    done += nodes.length;
  }
  return pairs;
}
