// Where machines stand in a drawing of the line: from left to right as the flow goes.
import type { Topology, TopologyEdge } from '../../topology.ts';

export interface Layers {
  /** Names from left to right, each from top to bottom. */
  readonly layers: readonly (readonly string[])[];
  /** Edges that lead back, as circles have one at least. */
  readonly back: ReadonlySet<TopologyEdge>;
}

/** Edges that close a circle when machines are walked from each in turn. */
function backEdges({ assets, edges }: Topology): Set<TopologyEdge> {
  const from = Map.groupBy(edges, (edge) => edge.from);
  const state = new Map<string, 'open' | 'done'>();
  const back = new Set<TopologyEdge>();
  const sources = new Set(edges.map(({ to }) => to));
  const begins = [...assets].sort(
    (a, b) => Number(sources.has(a.name)) - Number(sources.has(b.name)),
  );
  for (const { name } of begins) {
    // A stack of its own: a line of ten thousand machines must not overflow the engine's.
    const stack = [{ name, next: 0 }];
    if (state.has(name)) continue;
    state.set(name, 'open');
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const edge = from.get(top.name)?.[top.next++];
      if (edge === undefined) {
        state.set(top.name, 'done');
        stack.pop();
      } else if (state.get(edge.to) === 'open') back.add(edge);
      else if (!state.has(edge.to)) {
        state.set(edge.to, 'open');
        stack.push({ name: edge.to, next: 0 });
      }
    }
  }
  return back;
}

/** How many edges lead to a machine at most, those that lead back left out. */
function depths(topology: Topology, back: ReadonlySet<TopologyEdge>): Map<string, number> {
  const forward = topology.edges.filter((edge) => !back.has(edge));
  const waiting = new Map(topology.assets.map(({ name }) => [name, 0]));
  for (const { to } of forward) waiting.set(to, (waiting.get(to) ?? 0) + 1);
  const from = Map.groupBy(forward, (edge) => edge.from);
  const depth = new Map(topology.assets.map(({ name }) => [name, 0]));
  const ready = [...waiting].filter(([, count]) => count === 0).map(([name]) => name);
  for (const name of ready) {
    for (const { to } of from.get(name) ?? []) {
      depth.set(to, Math.max(depth.get(to)!, depth.get(name)! + 1));
      waiting.set(to, waiting.get(to)! - 1);
      if (waiting.get(to) === 0) ready.push(to);
    }
  }
  return depth;
}

/** Machines that nothing joins stand in a layer of their own, the last. */
export function layersOf(topology: Topology): Layers {
  const back = backEdges(topology);
  const depth = depths(topology, back);
  const joined = new Set(topology.edges.flatMap(({ from, to }) => [from, to]));
  const layers: string[][] = [];
  for (const { name } of topology.assets.filter((asset) => joined.has(asset.name))) {
    const own = depth.get(name)!;
    while (layers.length <= own) layers.push([]);
    layers[own].push(name);
  }
  const row = new Map<string, number>();
  for (const layer of layers) {
    // Each by the mean row of what feeds it, so that edges cross less.
    const wish = (name: string) => {
      const rows = topology.edges.flatMap((edge) =>
        edge.to === name ? (row.get(edge.from) ?? []) : [],
      );
      return rows.length === 0 ? layer.indexOf(name) : rows.reduce((a, b) => a + b) / rows.length;
    };
    const wishes = new Map(layer.map((name) => [name, wish(name)]));
    layer.sort((a, b) => wishes.get(a)! - wishes.get(b)!);
    layer.forEach((name, index) => {
      row.set(name, index - (layer.length - 1) / 2);
    });
  }
  const single = topology.assets.map(({ name }) => name).filter((name) => !joined.has(name));
  return { layers: single.length === 0 ? layers : [...layers, single], back };
}
