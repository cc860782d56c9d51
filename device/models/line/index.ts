export { createAssetFilter } from './asset-pattern.ts';
export type { BuiltRow } from './built-row.ts';
export { createLine, type Line, type LineOptions } from './line.ts';
export { createLineSet, type LineSet, type LineSetOptions, type LineSlot } from './line-set.ts';
export {
  createWindows,
  MAX_ASSETS,
  usualFlushAfterMs,
  type Windows,
  type WindowsCounters,
  type WindowsOptions,
  type WindowsSnapshot,
} from './windows.ts';
