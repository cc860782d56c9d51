export { QUALITY_CODES, type QualityCode, type QualityEvent } from './conditions.ts';
export {
  createQualityWatch,
  MAX_WATCHED_CHANNELS,
  type QualityCounters,
  type QualityWatch,
  type QualityWatchOptions,
} from './quality-watch.ts';
