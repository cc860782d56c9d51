export {
  createRowAssembler,
  type FeatureRow,
  type RowAssembler,
  type Sample,
} from './row-assembler.ts';
export {
  columnNames,
  type FeatureSpec,
  featureSpecSchema,
  MAX_FEATURES,
  MAX_HOPS,
  MAX_POSITIONS,
  rowWidth,
  STATISTICS,
  type Statistic,
  type TelemetrySpec,
} from './spec.ts';
export { type WindowSamples, windowStatistic } from './statistics.ts';
