export {
  createPredictionFilter,
  type FilterResult,
  MAX_ASSETS,
  type PredictionFilter,
  type PredictionFilterOptions,
  type SuppressedCounts,
} from './prediction-filter.ts';
export {
  ALL_LEAVE,
  type DesiredRules,
  type PredictionRules,
  widensRules,
  withDesired,
} from './rules.ts';
