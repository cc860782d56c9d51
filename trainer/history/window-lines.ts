// The windows of every asset in every run in the order of time: what edges and splits walk along.
import { hasCountWindows, type TelemetrySpec } from '@dandan/shared/features';
import type { NodePlaces } from '../graph/graph-data.ts';

/** The windows of one asset in one run. */
export interface WindowLine {
  readonly run: number;
  readonly asset: number;
  /** int32, ascending in time. */
  readonly nodes: Int32Array;
  /** float64, ends of their windows. */
  readonly times: Float64Array;
}

/** By run, then by asset; none is empty. */
export function windowLines({ asset, run, time }: NodePlaces): WindowLine[] {
  const order = Int32Array.from(time, (_, node) => node).sort(
    (a, b) => run[a] - run[b] || asset[a] - asset[b] || time[a] - time[b] || a - b,
  );
  const lines: WindowLine[] = [];
  for (let from = 0, to = 0; from < order.length; from = to) {
    const first = order[from];
    const isSame = (node: number) => run[node] === run[first] && asset[node] === asset[first];
    while (to < order.length && isSame(order[to])) to++;
    const nodes = order.slice(from, to);
    lines.push({
      run: run[first],
      asset: asset[first],
      nodes,
      times: Float64Array.from(nodes, (node) => time[node]),
    });
  }
  return lines;
}

/** Windows of one asset that hold readings of the window before, at most. */
export function overlappingWindows(spec: TelemetrySpec): number {
  return hasCountWindows(spec)
    ? Math.ceil(spec.windowSamples / spec.strideSamples) - 1
    : Math.ceil(spec.windowMs / spec.strideMs) - 1;
}

/**
 * When the readings of every window begin: they are later than this. Windows by count have no
 * length in time: theirs end where the last window ended that shares no reading.
 *
 * @returns float64 [nodes], milliseconds since the epoch.
 */
export function windowStarts(places: NodePlaces, spec: TelemetrySpec): Float64Array {
  if (!hasCountWindows(spec)) return places.time.map((time) => time - spec.windowMs);
  const starts = new Float64Array(places.time.length);
  const apart = overlappingWindows(spec) + 1;
  for (const { nodes, times } of windowLines(places)) {
    // Nothing tells when the first windows of a line began: as long before as its others take.
    const length = times.length > apart ? times[apart] - times[0] : 0;
    nodes.forEach((node, i) => {
      starts[node] = i < apart ? times[i] - length : times[i - apart];
    });
  }
  return starts;
}
