// Alarms as people hear them: one for each time that a fault is told, however long it is told.
import type { Watch } from './watch.ts';

/**
 * `true`: some window of it is one of a fault, whichever; `false`: none is, and some window is known
 * to be normal; `unknown`: nobody knows the class of any of its windows.
 */
export type Verdict = 'true' | 'false' | 'unknown';

export interface Alarm {
  /** First and last window of the alarm, positions in the watch. */
  readonly from: number;
  readonly to: number;
  /** Class told first. */
  readonly class: number;
  readonly verdict: Verdict;
}

function verdictOf(truth: Int32Array, normal: number): Verdict {
  if (truth.some((value) => value >= 0 && value !== normal)) return 'true';
  return truth.includes(normal) ? 'false' : 'unknown';
}

/**
 * @param told class told at each window of the watch.
 * @param normal class in which nothing is wrong.
 */
export function findAlarms(
  { truth }: Pick<Watch, 'truth'>,
  told: Int32Array,
  normal: number,
): Alarm[] {
  const alarms: Alarm[] = [];
  for (let from = 0; from < told.length; from++) {
    if (told[from] === normal) continue;
    let to = from;
    while (to + 1 < told.length && told[to + 1] !== normal) to++;
    const verdict = verdictOf(truth.subarray(from, to + 1), normal);
    alarms.push({ from, to, class: told[from], verdict });
    from = to;
  }
  return alarms;
}
