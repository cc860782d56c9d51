// Stretches of time in which an asset was in one fault.
import type { Watch } from './watch.ts';

export interface Incident {
  readonly class: number;
  /** First and last window of the fault, positions in the watch. */
  readonly from: number;
  readonly to: number;
  /** Whether its begin was watched: a window of another known class comes before it. */
  readonly begins: boolean;
}

/**
 * Windows of one fault without a window of another known class between them. Windows whose class
 * nobody knows end no incident and begin none.
 *
 * @param normal class in which nothing is wrong.
 */
export function findIncidents({ truth }: Pick<Watch, 'truth'>, normal: number): Incident[] {
  const incidents: Incident[] = [];
  let last = -1;
  truth.forEach((value, window) => {
    if (value < 0) return;
    if (value !== normal) {
      if (value === last) {
        const open = incidents.pop()!;
        incidents.push({ ...open, to: window });
      } else {
        incidents.push({ class: value, from: window, to: window, begins: last >= 0 });
      }
    }
    last = value;
  });
  return incidents;
}
