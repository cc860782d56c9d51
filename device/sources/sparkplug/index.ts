export type { SparkplugCounters } from './counters.ts';
export {
  createSparkplugSource,
  type SparkplugOptions,
  type SparkplugSource,
  type SparkplugState,
} from './create-source.ts';
export { createPrimaryHost, type PrimaryHost, type StateMessage } from './primary-host.ts';
