// The pause between requests for kept rows, so that a gateway back from an outage leaves
// the edge room for live rows. It lengthens when the edge asks for fewer requests.

/** 64 rows each are 640 a second: an hour's 10 a second in a minute. */
const MIN_PACE_MS = 100;

/** Slower than this an hour's rows of an outage would not be through within an hour. */
const MAX_PACE_MS = 5000;

/**
 * A refusal halves the rate, an answer adds one request a second: the rule by which TCP's
 * senders share a line fairly without knowing of each other (Chiu and Jain, 1989).
 */
const SLOWER = 2;
const FASTER_PER_SECOND = 1;

export interface Pace {
  /** Milliseconds between two requests now. */
  readonly intervalMs: number;
  /** Milliseconds until the next request for kept rows may leave. */
  readonly waitMs: number;
  /** A request for kept rows leaves. */
  begin(): void;
  /** The edge has answered kept rows. */
  quicken(): void;
  /** The edge wants fewer requests. */
  slow(): void;
}

export function createPace({ clock }: { readonly clock: () => number }): Pace {
  let intervalMs = MIN_PACE_MS;
  let nextAt = Number.NEGATIVE_INFINITY;
  return {
    get intervalMs() {
      return intervalMs;
    },
    get waitMs() {
      return Math.max(0, nextAt - clock());
    },
    begin() {
      nextAt = clock() + intervalMs;
    },
    quicken() {
      intervalMs = Math.max(MIN_PACE_MS, 1000 / (1000 / intervalMs + FASTER_PER_SECOND));
    },
    slow() {
      intervalMs = Math.min(MAX_PACE_MS, intervalMs * SLOWER);
      nextAt = clock() + intervalMs;
    },
  };
}
