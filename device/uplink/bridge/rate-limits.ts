// How often a gateway may ask: a token bucket each, for requests.

/** Buckets kept; names beyond it wait until others are full again. Wildcards admit any name. */
const MAX_OWNERS = 1000;

export interface RateLimitsOptions {
  readonly requestsPerMinute: number;
  /** Requests that may come at once. */
  readonly burst: number;
  /** Milliseconds of a clock that nobody sets. */
  readonly clock: () => number;
}

export interface RateLimits {
  /** Takes one request of `owner`. @returns 0, or milliseconds until there is room for one. */
  take(owner: string): number;
}

export function createRateLimits(options: RateLimitsOptions): RateLimits {
  const { requestsPerMinute, burst, clock } = options;
  const perMs = requestsPerMinute / 60_000;
  const buckets = new Map<string, { tokens: number; at: number }>();

  function refill(bucket: { tokens: number; at: number }, now: number): void {
    bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.at) * perMs);
    bucket.at = now;
  }

  /** Forgets owners whose bucket is full: they are as good as new. */
  function sweep(now: number): void {
    for (const [owner, bucket] of buckets) {
      refill(bucket, now);
      if (bucket.tokens >= burst) buckets.delete(owner);
    }
  }

  return {
    take(owner) {
      const now = clock();
      if (!buckets.has(owner) && buckets.size >= MAX_OWNERS) {
        sweep(now);
        if (buckets.size >= MAX_OWNERS) return 1 / perMs;
      }
      const bucket = buckets.get(owner) ?? { tokens: burst, at: now };
      buckets.set(owner, bucket);
      refill(bucket, now);
      if (bucket.tokens < 1) return (1 - bucket.tokens) / perMs;
      bucket.tokens--;
      return 0;
    },
  };
}
