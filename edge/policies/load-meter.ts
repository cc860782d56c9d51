// How busy the isolate is: requests and rows a second over the last ten, counted at the end of each.

const SECOND_MS = 1000;

/** Long enough that one large request is no load, short enough to step down while it lasts. */
export const WINDOW_SECONDS = 10;

/** Means of the window. */
export interface LoadMeter {
  /** Counts a request that is answered. */
  add(rows: number): void;
  requestsPerSecond(): number;
  rowsPerSecond(): number;
}

/** A meter of whole seconds; a Worker's clock moves between requests, which is where it is read. */
export function createLoadMeter(now: () => number = Date.now): LoadMeter {
  const requests = new Float64Array(WINDOW_SECONDS);
  const rows = new Float64Array(WINDOW_SECONDS);
  let [requestSum, rowSum] = [0, 0];
  let second = 0;

  /** Lets go of the seconds that have left the window. */
  function advance(): number {
    const current = Math.floor(now() / SECOND_MS);
    const passed = Math.min(WINDOW_SECONDS, current - second);
    for (let i = 0; i < passed; i++) {
      const place = (current - i) % WINDOW_SECONDS;
      requestSum -= requests[place];
      rowSum -= rows[place];
      requests[place] = 0;
      rows[place] = 0;
    }
    // A clock that goes back counts into the second it was at.
    second = Math.max(second, current);
    return second % WINDOW_SECONDS;
  }

  return {
    add(count) {
      const place = advance();
      requests[place]++;
      rows[place] += count;
      requestSum++;
      rowSum += count;
    },
    requestsPerSecond() {
      advance();
      return requestSum / WINDOW_SECONDS;
    },
    rowsPerSecond() {
      advance();
      return rowSum / WINDOW_SECONDS;
    },
  };
}
