// A history whose edges are to be judged: everything but the edges.
import type { TelemetrySpec } from '@dandan/shared/features';
import type { FloatRows } from '@dandan/shared/kernel';
import type { NodePlaces, Split } from '../../graph/graph-data.ts';
import type { Topology } from '../../history/topology.ts';

export interface EdgeHistory {
  readonly name: string;
  readonly classes: readonly string[];
  readonly spec: TelemetrySpec;
  readonly features: FloatRows;
  readonly labels: Int32Array;
  readonly places: NodePlaces;
  readonly topology: Topology;
  readonly split: Split;
}
