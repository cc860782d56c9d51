export { createIntake, type IntakeOptions, MAX_FUTURE_MS } from './intake.ts';
export {
  createSilenceWatch,
  type SilenceWatch,
  type SilenceWatchOptions,
} from './silence-watch.ts';
export {
  createWindows,
  MAX_ASSETS,
  usualFlushAfterMs,
  type Windows,
  type WindowsCounters,
  type WindowsOptions,
  type WindowsSnapshot,
} from './windows.ts';
