export { type HistorySplit, type HistorySplitOptions, historySplit } from './history-split.ts';
export { type Leakage, type LeakageOptions, leakage, type Overlap } from './leakage.ts';
