// Sums of one side of a comparison: as it was, or as it would be.

export interface Side {
  nodes: number;
  macs: number;
  disagreements: number;
  estimated: number;
  /** Nodes by the stage at which they stop; index 0 is stage 1. */
  readonly exits: number[];
  /** Nodes by policy. */
  readonly policies: Map<string, number>;
}

export interface Part {
  readonly policy: string;
  /** Of the part that counts, 0..1. */
  readonly share: number;
  readonly macs: number;
  readonly disagreements: number;
  readonly estimated: number;
  readonly stops: readonly number[];
}

export const createSide = (): Side => ({
  nodes: 0,
  macs: 0,
  disagreements: 0,
  estimated: 0,
  exits: [],
  policies: new Map(),
});

/** Adds `share` of a part to a side. */
export function addSide(side: Side, { policy, share, stops, ...part }: Part): void {
  let nodes = 0;
  stops.forEach((stopped, k) => {
    side.exits[k] = (side.exits[k] ?? 0) + share * stopped;
    nodes += share * stopped;
  });
  side.nodes += nodes;
  side.macs += share * part.macs;
  side.disagreements += share * part.disagreements;
  side.estimated += share * part.estimated;
  side.policies.set(policy, (side.policies.get(policy) ?? 0) + nodes);
}

/** Adds all of `from` to `into`. */
export function joinSides(into: Side, from: Side): void {
  into.nodes += from.nodes;
  into.macs += from.macs;
  into.disagreements += from.disagreements;
  into.estimated += from.estimated;
  from.exits.forEach((nodes, k) => {
    into.exits[k] = (into.exits[k] ?? 0) + nodes;
  });
  for (const [policy, nodes] of from.policies) {
    into.policies.set(policy, (into.policies.get(policy) ?? 0) + nodes);
  }
}
