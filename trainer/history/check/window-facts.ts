// What the windows of a history come to: how many there are of each class and machine, and which
// set each would be in.
import type { TelemetrySpec } from '@dandan/shared/features';
import type { NodePlaces } from '../../graph/graph-data.ts';
import type { LabelInterval } from '../label-interval.ts';
import { labelAndCount } from '../labels/index.ts';
import { historyRows } from '../rows/history-rows.ts';
import type { Telemetry } from '../telemetry.ts';
import type { Topology } from '../topology.ts';
import { windowPlaces } from '../window-places.ts';

export interface WindowFacts {
  readonly places: NodePlaces;
  /** int32 [windows], position in `classes`; −1 where unknown. */
  readonly labels: Int32Array;
  /** Labelled windows of each class of each asset: [asset][class]. */
  readonly byAsset: readonly (readonly number[])[];
  /** Windows of each asset, labelled or not. */
  readonly ofAsset: readonly number[];
  readonly withinMargin: number;
  readonly contradictory: number;
  /** int32 [intervals], windows that each interval labels. */
  readonly counts: Int32Array;
}

export interface CountWindowsOptions {
  readonly telemetry: Telemetry;
  readonly spec: TelemetrySpec;
  readonly topology: Topology;
  /** Of `classes` alone. */
  readonly intervals: readonly LabelInterval[];
  readonly classes: readonly string[];
  readonly otherwise?: string | undefined;
  readonly marginMs?: number | undefined;
  /** Share of the readings that have been taken, 0..1. */
  onProgress?(share: number): void;
  readonly signal?: AbortSignal | undefined;
}

/** Windows end at the same times whatever is computed of them: here as little as may be. */
function plainSpec(spec: TelemetrySpec): TelemetrySpec {
  const { upstream: _, positions: __, channels, ...others } = spec;
  return {
    ...others,
    statistics: ['last'],
    channels: channels.map(({ name, unit, holdMs }) => ({
      name,
      unit,
      ...(holdMs !== undefined && { holdMs }),
    })),
  };
}

/** @throws {InputError} `data-invalid` where `otherwise` or an interval has another class. */
export async function countWindows(options: CountWindowsOptions): Promise<WindowFacts> {
  const { intervals, classes, otherwise, marginMs } = options;
  const windows = await historyRows({ ...options, spec: plainSpec(options.spec) });
  const places = windowPlaces({ ...options, rows: windows });
  const { assets, runs, asset, run, time } = places;
  const rows = Array.from(time, (end, i) => ({
    asset: assets[asset[i]],
    run: runs[run[i]],
    time: end,
  }));
  const labelled = labelAndCount({ rows, intervals, classes, otherwise, marginMs });
  const byAsset = assets.map(() => classes.map(() => 0));
  const ofAsset = assets.map(() => 0);
  labelled.labels.forEach((label, i) => {
    ofAsset[asset[i]]++;
    if (label >= 0) byAsset[asset[i]][label]++;
  });
  return { ...labelled, places, byAsset, ofAsset };
}
