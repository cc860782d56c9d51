export { type Alert, type AlertsOptions, createAlerts } from './alerts.ts';
export { createMetrics, type Metrics, type MetricsOptions } from './metrics.ts';
