// Finds the rows of a machine by time, or by order where its windows go by count.
import { type FeatureRow, hasCountWindows, type TelemetrySpec } from '@dandan/shared/features';

export interface RowFinder {
  /** Position of the row of `asset` for the window at `time`. */
  at(asset: string, time: number): number | undefined;
  /** Position of the row that is `steps` windows after the one at `time`. */
  after(asset: string, time: number, steps: number): number | undefined;
}

/** Position of the last of `times`, ascending, that is not after `time`; −1 before all. */
function positionAt(times: readonly number[], time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Machines' windows by count end at times of their own: the last one that has ended stands for a time. */
function createCountFinder(rows: readonly FeatureRow[]): RowFinder {
  const assets = new Map<string, { nodes: number[]; times: number[] }>();
  rows.forEach(({ asset, time }, node) => {
    const own = assets.get(asset) ?? { nodes: [], times: [] };
    own.nodes.push(node);
    own.times.push(time);
    assets.set(asset, own);
  });
  const after: RowFinder['after'] = (asset, time, steps) => {
    const own = assets.get(asset);
    const position = own === undefined ? -1 : positionAt(own.times, time);
    return position < 0 ? undefined : own!.nodes[position + steps];
  };
  return { at: (asset, time) => after(asset, time, 0), after };
}

/** Rows must be those of each asset in the order of time. */
export function createRowFinder(spec: TelemetrySpec, rows: readonly FeatureRow[]): RowFinder {
  if (hasCountWindows(spec)) return createCountFinder(rows);
  const nodeAt = new Map(rows.map(({ asset, time }, node) => [`${asset}@${time}`, node]));
  const at: RowFinder['at'] = (asset, time) => nodeAt.get(`${asset}@${time}`);
  return { at, after: (asset, time, steps) => at(asset, time + steps * spec.strideMs) };
}
