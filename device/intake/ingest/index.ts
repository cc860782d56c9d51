export { createDandanSource } from './dandan-source.ts';
export { implausibleTime, MAX_FUTURE_MS } from './plausible-time.ts';
export { createRedelivery, type Redelivery } from './redelivery.ts';
export {
  createSilenceWatch,
  type SilenceWatch,
  type SilenceWatchOptions,
} from './silence-watch.ts';
export type { Reading, Source, SourceCommand, SourceMessage } from './source.ts';
export {
  createWindows,
  MAX_ASSETS,
  usualFlushAfterMs,
  type Windows,
  type WindowsCounters,
  type WindowsOptions,
  type WindowsSnapshot,
} from './windows.ts';
