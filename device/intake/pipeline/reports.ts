// What the pipeline meets on the way, counted and told with measure.
import { createRateLimit, type Logger } from '../../log/index.ts';
import type { Metrics } from '../../metrics/index.ts';
import type { QualityWatch } from '../quality/index.ts';
import type { PipelineOptions } from './pipeline.ts';

/** One line per kind of problem in this time. */
const LOG_INTERVAL_MS = 10_000;

export interface ReportsOptions {
  readonly metrics: Metrics;
  readonly quality: QualityWatch;
  readonly log: Logger;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

export type Reports = Pick<
  PipelineOptions,
  'onSample' | 'onIgnored' | 'onUnit' | 'onProblem' | 'onDuplicate'
>;

/** Counters and log lines of a pipeline. */
export function createReports(options: ReportsOptions): Reports {
  const { metrics, quality, log, now = Date.now } = options;
  const admit = createRateLimit({ intervalMs: LOG_INTERVAL_MS, now });
  return {
    onSample(sample, receivedAt, converted) {
      metrics.add('samples');
      quality.observe(sample, receivedAt, converted);
    },
    onDuplicate: () => metrics.add('duplicates'),
    onIgnored({ asset, channel }) {
      const count = admit(`channel ${channel}`);
      if (count > 0) log.warn('channel-ignored', { asset, channel, count });
    },
    onUnit: quality.refuseUnit,
    onProblem(topic, { code, field, value, allowed }) {
      metrics.add('invalidMessages');
      const count = admit(`${code} ${field}`);
      if (count > 0) log.warn('message-refused', { topic, code, field, value, allowed, count });
    },
  };
}
