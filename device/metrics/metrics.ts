// The gateway's counters. They only grow; `pending` is read when asked for.
import type { GatewayMetrics } from '@dandan/shared/wire';

type Counter = Exclude<keyof GatewayMetrics, 't' | 'byStage' | 'pending'>;

export interface Metrics {
  /** Adds to a counter. */
  add(counter: Counter, amount?: number): void;
  /** Counts rows that ended here at `stage` (1-based). */
  answeredAt(stage: number): void;
  /** All counters now, as published on the metrics topic. */
  snapshot(): GatewayMetrics;
}

export interface MetricsOptions {
  /** Stages the gateway runs, as far as it is known by now. */
  readonly stages: number;
  /** Rows in the outbox now. */
  readonly pending: () => number;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

/** Counters that start at 0. */
export function createMetrics({ stages, pending, now = Date.now }: MetricsOptions): Metrics {
  const byStage = new Array<number>(stages).fill(0);
  const counters: Record<Counter, number> = {
    samples: 0,
    invalidMessages: 0,
    duplicates: 0,
    replayedRows: 0,
    rows: 0,
    escalated: 0,
    edgeAnswers: 0,
    degraded: 0,
    evicted: 0,
    deadLettered: 0,
    dropped: 0,
    bytesUp: 0,
    bytesDown: 0,
    requests: 0,
    requestFailures: 0,
  };
  return {
    add(counter, amount = 1) {
      counters[counter] += amount;
    },
    answeredAt(stage) {
      while (byStage.length < stage) byStage.push(0);
      byStage[stage - 1]++;
    },
    snapshot: () => ({ t: now(), ...counters, byStage: [...byStage], pending: pending() }),
  };
}
