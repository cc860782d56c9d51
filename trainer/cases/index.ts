// Worked cases by name.
import { plantCase } from './plant/plant-case.ts';
import { skabCase } from './skab/skab-case.ts';
import { tepCase } from './tep/tep-case.ts';
import type { CaseName, WorkedCase } from './worked-case.ts';

export type { CaseCell } from './case-cell.ts';
export { writeCaseReport } from './case-report.ts';
export { runCase } from './run-case.ts';
export { type CaseSummary, summariseCells } from './summarise-cells.ts';
export { CASE_NAMES, type CaseName, type LabelCount, type WorkedCase } from './worked-case.ts';

export const WORKED_CASES: Readonly<Record<CaseName, WorkedCase>> = {
  tep: tepCase,
  skab: skabCase,
  plant: plantCase,
};
