// One channel in figures: range, rate, gaps, stretches in which it does not move.
import type { Series, TablesRead } from '@dandan/shared/telemetry-table';
import { findConstant } from './find-constant.ts';
import { findGaps, typicalInterval } from './find-gaps.ts';
import { findSuspicions } from './find-suspicions.ts';
import type { ChannelSummary } from './summary.ts';

/** Cells of columns that are this channel, and those of them without a value. */
function cellsOf({ files }: TablesRead, channel: string) {
  let cells = 0;
  let missing = 0;
  for (const { rows, columns } of files) {
    for (const { use, missing: empty } of columns) {
      if (use.kind !== 'channel' || use.channel !== channel) continue;
      cells += rows;
      missing += empty;
    }
  }
  return cells === 0 ? 0 : missing / cells;
}

/** All values ascending. */
function sortedValues(series: readonly Series[]): Float64Array {
  const count = series.reduce((sum, { values }) => sum + values.length, 0);
  const all = new Float64Array(count);
  let at = 0;
  for (const { values } of series) {
    all.set(values, at);
    at += values.length;
  }
  return all.sort();
}

/** @param at Position in the telemetry's `channels`. */
export function summariseChannel(read: TablesRead, at: number): ChannelSummary {
  const { telemetry, units, replaced } = read;
  const { name, unit } = telemetry.channels[at];
  const series = telemetry.series.filter(({ channel }) => channel === at);
  const values = sortedValues(series);
  const typicalIntervalMs = typicalInterval(series);
  const assets = [...new Set(series.map(({ asset }) => asset))].sort((a, b) => a - b);
  return {
    name,
    unit,
    unitsFound: units.found(name),
    assets: assets.map((asset) => telemetry.assets[asset]),
    count: values.length,
    missingShare: cellsOf(read, name),
    duplicates: replaced.get(name) ?? 0,
    minimum: values[0],
    median: values[values.length >> 1],
    maximum: values[values.length - 1],
    typicalIntervalMs,
    gaps: findGaps(telemetry, series),
    constant: findConstant(telemetry, series),
    suspicions: findSuspicions({ telemetry, series, values, unit }),
  };
}
