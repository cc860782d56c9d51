// How long a search will still take, from what its trials have taken so far.
import { type Rung, stagesAt } from './successive-halving.ts';

export interface TimeLeftOptions {
  readonly rungs: readonly Rung[];
  readonly reduction: number;
  readonly workers: number;
  /** Students of each trial, by number. */
  readonly stages: readonly number[];
}

export interface TimeLeft {
  /** So many students took so long, all workers' time together. */
  measured(students: number, seconds: number): void;
  /**
   * @param rung the current one.
   * @param waiting students still to train on it.
   * @returns seconds; `undefined` before the first measurement.
   */
  estimate(rung: number, waiting: number): number | undefined;
}

export function createTimeLeft({ rungs, reduction, workers, stages }: TimeLeftOptions): TimeLeft {
  let [students, seconds] = [0, 0];
  const meanAt = (rung: number) =>
    stages.reduce((sum, count) => sum + stagesAt(rungs, rung, count, reduction), 0) / stages.length;
  /** Students that later rungs are expected to train: who gets there is not known yet. */
  const later = (rung: number) =>
    rungs.slice(rung + 1).reduce((sum, { number }) => {
      const entering = rungs[number - 1].keep;
      return sum + entering * (meanAt(number) - meanAt(number - 1));
    }, 0);
  return {
    measured(count, took) {
      students += count;
      seconds += took;
    },
    estimate(rung, waiting) {
      if (students === 0) return undefined;
      return ((seconds / students) * (waiting + later(rung))) / workers;
    },
  };
}
