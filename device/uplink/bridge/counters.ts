// The bridge's counters; they only grow.
import type { BridgeMetrics } from '@dandan/shared/wire';

export type BridgeCounters = {
  -readonly [name in keyof Omit<BridgeMetrics, 't' | 'queued' | 'inFlight'>]: number;
};

/** All 0. */
export function createCounters(): BridgeCounters {
  return {
    requests: 0,
    answered: 0,
    edgeFailures: 0,
    refused: 0,
    rateLimited: 0,
    busy: 0,
    dropped: 0,
    replayed: 0,
    undelivered: 0,
    bytesUp: 0,
    bytesDown: 0,
  };
}
