// Edges that follow from where windows lie, without a look at what is in them.
import type { TelemetrySpec } from '@dandan/shared/features';
import type { BuiltAdjacency } from '../../graph/build-adjacency.ts';
import type { NodePlaces } from '../../graph/graph-data.ts';
import type { GraphChoices } from '../project/index.ts';
import type { Topology } from '../topology.ts';
import { type WindowLine, windowLines } from '../window-lines.ts';
import { adjacencyOf, createEdgePairs } from './edge-pairs.ts';
import { timeEdges } from './time-edges.ts';
import { topologyEdges } from './topology-edges.ts';

export interface PlaceEdgesOptions {
  readonly places: NodePlaces;
  readonly spec: TelemetrySpec;
  /** Which edges there are; see plant.yaml. */
  readonly graph: Pick<GraphChoices, 'topology' | 'time'>;
  /** @default {none: no edges along the line} */
  readonly topology?: Topology | undefined;
}

export function placePairs(options: PlaceEdgesOptions, lines: readonly WindowLine[]) {
  const { graph, topology } = options;
  return {
    topology:
      graph.topology && topology !== undefined
        ? topologyEdges({ ...options, topology, lines })
        : createEdgePairs(),
    time: timeEdges({ ...options, time: graph.time, lines }),
  };
}

/** Edges along the line and in time. */
export function placeEdges(options: PlaceEdgesOptions): BuiltAdjacency {
  const pairs = placePairs(options, windowLines(options.places));
  return adjacencyOf(options.places.time.length, Object.values(pairs));
}
