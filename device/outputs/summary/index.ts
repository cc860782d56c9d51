export {
  createSummaries,
  MAX_SUMMARY_ASSETS,
  MAX_SUMMARY_CHANNELS,
  SUMMARY_MS,
  type Summaries,
  type SummariesOptions,
  type SummariesSnapshot,
} from './summaries.ts';
