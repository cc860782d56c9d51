// Traffic as the metrics keep it, written by hand for tests of what reads it.
import { env } from 'cloudflare:workers';

export interface TestHour {
  /** ISO 8601, of a whole hour in UTC. */
  readonly start: string;
  readonly model: string;
  readonly bundle: string;
  /** @default {'day'} */
  readonly policy?: string;
  /** @default {'predict'} */
  readonly source?: string;
  /** @default {1} */
  readonly requests?: number;
  readonly macs: number;
  readonly stages: readonly number[];
  /** By reason, in the order of `STOP_REASONS`. @default {all confident} */
  readonly stopped?: readonly number[];
}

/** Adds an hour to the roll-ups. */
export async function addTraffic(hour: TestHour): Promise<void> {
  const { start, model, bundle, policy = 'day', source = 'predict', requests = 1, macs } = hour;
  const nodes = hour.stages.reduce((sum, n) => sum + n, 0);
  const { stages, stopped = [nodes, 0, 0, 0] } = hour;
  await env.REGISTRY.prepare(
    `INSERT OR REPLACE INTO metric_spans (span, start, model, bundle, policy, source, requests, nodes,
     macs, full_macs, degraded, audits, disagreements, confidence_sum, stages, stopped, confidence,
     updated) VALUES ('hour', ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?, ?, '[]', ?)`,
  )
    .bind(
      Date.parse(start),
      model,
      bundle,
      policy,
      source,
      requests,
      nodes,
      macs,
      macs,
      JSON.stringify(stages),
      JSON.stringify(stopped),
      start,
    )
    .run();
}
