// Edges and kinds of machines with the place that states them, so that a problem can name it.
import type { TopologyEdge } from '../topology.ts';

export interface PlacedEdge extends TopologyEdge {
  /** E.g. `topology.csv:4` or `plant.yaml:12:topology.lines.0`. */
  readonly place: string;
}

export interface PlacedAsset {
  readonly name: string;
  /** `undefined` where only its name is stated. */
  readonly kind: string | undefined;
  readonly place: string;
}
