export type { AssemblerCounters } from './asset-windows.ts';
export { CLOCK_JUMP_SAMPLES } from './clock-watch.ts';
export {
  createRowAssembler,
  type RowAssembler,
  type RowAssemblerOptions,
} from './row-assembler.ts';
export type { FeatureRow, Sample } from './sample.ts';
export type { RowAssemblerSnapshot } from './snapshot.ts';
export {
  type ChannelSpec,
  type CountWindowSpec,
  columnNames,
  type FeatureSpec,
  featureSpecSchema,
  hasCountWindows,
  MAX_FEATURES,
  MAX_HOPS,
  MAX_POSITIONS,
  rowWidth,
  STATISTICS,
  type Statistic,
  type TelemetrySpec,
  type TimeWindowSpec,
} from './spec.ts';
export { type WindowSamples, windowStatistic } from './statistics.ts';
export { toChannelUnit, type UnitConversion, unitConversion } from './units.ts';
