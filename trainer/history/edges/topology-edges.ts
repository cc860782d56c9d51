// Machines that are neighbours in the drawing of the line, in the same window.
import { hasCountWindows, type TelemetrySpec } from '@dandan/shared/features';
import type { NodePlaces } from '../../graph/graph-data.ts';
import type { Topology } from '../topology.ts';
import type { WindowLine } from '../window-lines.ts';
import { createEdgePairs, type EdgePairs } from './edge-pairs.ts';

export interface TopologyEdgesOptions {
  readonly places: NodePlaces;
  readonly spec: TelemetrySpec;
  readonly topology: Topology;
  readonly lines: readonly WindowLine[];
}

/**
 * Ties every window of `from` to the one of `to` that ends at the same time. Windows by count end
 * when their machine has made its pieces: the last one that has ended stands for a time.
 */
function tie(pairs: EdgePairs, from: WindowLine, to: WindowLine, byCount: boolean): void {
  let next = 0;
  from.times.forEach((time, i) => {
    while (next < to.times.length && to.times[next] <= time) next++;
    const last = next - 1;
    if (last < 0 || (!byCount && to.times[last] !== time)) return;
    pairs.add(from.nodes[i], to.nodes[last]);
  });
}

/** Assets that the history does not know have no windows and no edges. */
export function topologyEdges(options: TopologyEdgesOptions): EdgePairs {
  const { places, spec, topology, lines } = options;
  const position = new Map(places.assets.map((name, at) => [name, at]));
  const lineAt = new Map(lines.map((line) => [line.run * places.assets.length + line.asset, line]));
  const byCount = hasCountWindows(spec);
  const pairs = createEdgePairs();
  for (const { from, to } of topology.edges) {
    const [source, target] = [position.get(from), position.get(to)];
    if (source === undefined || target === undefined || source === target) continue;
    for (let run = 0; run < places.runs.length; run++) {
      const first = lineAt.get(run * places.assets.length + source);
      const second = lineAt.get(run * places.assets.length + target);
      if (first !== undefined && second !== undefined) tie(pairs, first, second, byCount);
    }
  }
  return pairs;
}
