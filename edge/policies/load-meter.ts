// How busy the isolate is: requests and rows a second over the last ten, counted at the end of each.

const SECOND_MS = 1000;

/** Long enough that one large request is no load, short enough to step down while it lasts. */
export const WINDOW_SECONDS = 10;

export interface Load {
  readonly requestsPerSecond: number;
  readonly rowsPerSecond: number;
}

export interface LoadMeter {
  /** Counts a request that is answered. */
  add(rows: number): void;
  load(): Load;
}

/** A meter of whole seconds; a Worker's clock moves between requests, which is where it is read. */
export function createLoadMeter(now: () => number = Date.now): LoadMeter {
  const requests = new Float64Array(WINDOW_SECONDS);
  const rows = new Float64Array(WINDOW_SECONDS);
  let second = 0;

  /** Empties the seconds since the last count. */
  function advance(): number {
    const current = Math.floor(now() / SECOND_MS);
    const passed = Math.min(WINDOW_SECONDS, Math.max(0, current - second));
    for (let i = 0; i < passed; i++) {
      requests[(current - i) % WINDOW_SECONDS] = 0;
      rows[(current - i) % WINDOW_SECONDS] = 0;
    }
    // A clock that goes back counts into the second it was at.
    second = Math.max(second, current);
    return second % WINDOW_SECONDS;
  }

  const mean = (counts: Float64Array) => counts.reduce((sum, n) => sum + n, 0) / WINDOW_SECONDS;
  return {
    add(count) {
      const place = advance();
      requests[place]++;
      rows[place] += count;
    },
    load() {
      advance();
      return { requestsPerSecond: mean(requests), rowsPerSecond: mean(rows) };
    },
  };
}
