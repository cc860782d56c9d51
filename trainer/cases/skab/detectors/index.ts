export { type Detector, FIT_ROWS, type Readings, raiseAlarms } from './detector.ts';
export { isolationForest } from './isolation-forest.ts';
export { tSquared, tSquaredAndQ } from './t-squared.ts';
