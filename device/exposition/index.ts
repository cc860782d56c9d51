export {
  type ExpositionOptions,
  type ExpositionServer,
  type HealthReport,
  startExposition,
} from './exposition-server.ts';
export type { Family, HistogramSeries, Labels, Series } from './family.ts';
export {
  type FieldHelp,
  type GatewayFamiliesOptions,
  gatewayFamilies,
  snapshotFamilies,
} from './gateway-families.ts';
export { createHistogram, type Histogram, LATENCY_SECONDS } from './histogram.ts';
export { renderFamilies, TEXT_FORMAT } from './render.ts';
