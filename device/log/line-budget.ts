// How many lines an event may write: a storm of one event must not fill a disk, nor push
// everything else out of a journal that is kept by size.
import { MAX_KINDS } from './rate-limit.ts';

const WINDOW_MS = 60_000;

/** A line a second is read by nobody; 60 lines of 500 bytes a minute are 43 MB a day. */
export const DEFAULT_LINES_PER_MINUTE = 60;

export interface Omitted {
  readonly event: string;
  /** Lines that were not written. */
  readonly count: number;
}

export interface LineBudget {
  /** Whether a line of `event` may be written at `time`. Times must not fall. */
  admit(event: string, time: number): boolean;
  /** What was left out of windows that are over at `time`; each is told once. */
  expired(time: number): Omitted[];
}

/** A budget of so many lines an event and minute; 0 is no limit. */
export function createLineBudget({ linesPerMinute }: { readonly linesPerMinute: number }) {
  const events = new Map<string, { until: number; written: number; omitted: number }>();
  // The earliest end of a window with something to tell: looked at for every line.
  let nextEnd = Number.POSITIVE_INFINITY;

  return {
    admit(event, time) {
      if (linesPerMinute === 0) return true;
      const key = events.has(event) || events.size < MAX_KINDS ? event : '';
      let state = events.get(key);
      if (state === undefined || time >= state.until) {
        state = { until: time + WINDOW_MS, written: 0, omitted: 0 };
        events.set(key, state);
      }
      if (state.written < linesPerMinute) {
        state.written++;
        return true;
      }
      state.omitted++;
      nextEnd = Math.min(nextEnd, state.until);
      return false;
    },
    expired(time) {
      if (time < nextEnd) return [];
      nextEnd = Number.POSITIVE_INFINITY;
      const told: Omitted[] = [];
      for (const [event, state] of events) {
        if (state.omitted === 0) continue;
        if (time < state.until) nextEnd = Math.min(nextEnd, state.until);
        else {
          told.push({ event: event === '' ? 'others' : event, count: state.omitted });
          state.omitted = 0;
        }
      }
      return told;
    },
  } satisfies LineBudget;
}
