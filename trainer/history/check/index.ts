export { type CheckHistoryOptions, checkHistory, type HistoryReport } from './check-history.ts';
