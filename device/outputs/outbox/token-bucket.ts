// Paces what is sent again, so that a gateway back from an outage does not flood its broker.

export interface TokenBucketOptions {
  readonly ratePerSecond: number;
  /** Most tokens saved up while nothing was sent. */
  readonly burst: number;
  /** Monotonic clock, milliseconds. */
  readonly now: () => number;
}

export interface TokenBucket {
  /** Takes a token. @returns 0, or the milliseconds until there is one. */
  take(): number;
}

/** A bucket that starts full. */
export function createTokenBucket({ ratePerSecond, burst, now }: TokenBucketOptions): TokenBucket {
  let tokens = burst;
  let at = now();
  return {
    take() {
      const time = now();
      tokens = Math.min(burst, tokens + (Math.max(0, time - at) * ratePerSecond) / 1000);
      at = time;
      // Waiting for the exact time may fall short by a rounding error, which would wait again for ever.
      if (tokens < 1 - 1e-9) return ((1 - tokens) * 1000) / ratePerSecond;
      tokens--;
      return 0;
    },
  };
}
