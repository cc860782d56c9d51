// The drawing of the line: what stands where, and what feeds what.

export interface TopologyAsset {
  readonly name: string;
  /** Kind of machine, e.g. press; machines of one kind are alike. */
  readonly kind?: string | undefined;
}

export interface TopologyEdge {
  /** Upstream end, where the edge has a direction. */
  readonly from: string;
  readonly to: string;
  /** What joins them, e.g. flow, heat, control. '' where the file does not say. */
  readonly kind: string;
}

export interface Topology {
  readonly assets: readonly TopologyAsset[];
  readonly edges: readonly TopologyEdge[];
}
