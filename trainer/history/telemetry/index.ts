export { type ReadTelemetryOptions, readTelemetry } from './read-telemetry.ts';
export type * from './summary.ts';
