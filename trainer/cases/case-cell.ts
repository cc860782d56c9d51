// One training run of a worked case, as it is kept.
import type { Figures } from '../evaluate/figures.ts';
import type { AlarmRates } from './skab/alarm-rates.ts';
import type { CaseName, LabelCount } from './worked-case.ts';

export interface CaseCell {
  readonly case: CaseName;
  readonly labels: LabelCount;
  readonly seed: number;
  /** Labelled windows that were learnt from, windows that were tested, of how many runs. */
  readonly counts: { readonly train: number; readonly test: number; readonly testRuns: number };
  readonly figures: Figures;
  /** By method, for cases about alarms. */
  readonly alarms?: Readonly<Record<string, AlarmRates>> | undefined;
  /** SHA-256 of the graph, its split left out. */
  readonly data: string;
  readonly codeVersion: string;
}
