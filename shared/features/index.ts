export { MAX_POSITIONS, type PositionSpec, type UpstreamSpec } from './asset-specs.ts';
export type { AssemblerCounters } from './asset-windows.ts';
export { type Band, type ChannelSpec, STATISTICS, type Statistic } from './channel-spec.ts';
export { CLOCK_JUMP_SAMPLES } from './clock-watch.ts';
export { columnNames, type FeatureColumn, featureColumns, rowWidth } from './columns.ts';
export {
  createRowAssembler,
  type RowAssembler,
  type RowAssemblerOptions,
} from './row-assembler.ts';
export type { FeatureRow, Sample } from './sample.ts';
export type { RowAssemblerSnapshot } from './snapshot.ts';
export {
  type CountWindowSpec,
  type FeatureSpec,
  featureSpecSchema,
  hasCountWindows,
  MAX_FEATURES,
  MAX_HOPS,
  type TelemetrySpec,
  type TimeWindowSpec,
} from './spec.ts';
export { windowStatistic } from './statistics.ts';
export { toChannelUnit, type UnitConversion, unitConversion } from './units.ts';
export type { WindowSamples } from './window.ts';
export { MAX_BAND_SAMPLES, MAX_ROW_BAND_SAMPLES } from './window-checks.ts';
