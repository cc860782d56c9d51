// Where the windows of a history lie: what nodes of its graph and a check of its files share.
import type { NodePlaces } from '../graph/graph-data.ts';
import type { HistoryRow } from './rows/history-rows.ts';
import type { Telemetry } from './telemetry.ts';
import type { Topology } from './topology.ts';

export interface WindowPlacesOptions {
  readonly telemetry: Pick<Telemetry, 'assets' | 'runs'>;
  readonly topology: Topology;
  readonly rows: readonly Pick<HistoryRow, 'asset' | 'run' | 'time'>[];
}

/** The places of `rows`, in their order. */
export function windowPlaces({ telemetry, topology, rows }: WindowPlacesOptions): NodePlaces {
  const { assets, runs } = telemetry;
  const kinds = new Map(topology.assets.map(({ name, kind }) => [name, kind]));
  const position = new Map(assets.map((asset, index) => [asset, index]));
  return {
    assets,
    kinds: assets.map((asset) => kinds.get(asset)),
    runs: runs.map(({ name }) => name),
    asset: Int32Array.from(rows, ({ asset }) => position.get(asset)!),
    run: Int32Array.from(rows, ({ run }) => run),
    time: Float64Array.from(rows, ({ time }) => time),
  };
}
