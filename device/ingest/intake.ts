// Telemetry messages to samples: whatever arrives, it is taken or counted, never thrown.
import { InputError } from '@dandan/shared/error';
import type { FeatureRow, TelemetrySpec } from '@dandan/shared/features';
import { parseTelemetry, type Topics } from '@dandan/shared/wire';
import { createRateLimit, type Logger } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import type { Windows } from './windows.ts';

/** One line per kind of problem in this time. */
const LOG_INTERVAL_MS = 10_000;

/**
 * A time further ahead than this is a wrong unit or a broken clock (time zones differ by
 * 14 hours at most); taken, it would hold back the asset's rows until that time.
 */
export const MAX_FUTURE_MS = 24 * 60 * 60 * 1000;

export interface IntakeOptions {
  readonly topics: Topics;
  readonly spec: TelemetrySpec;
  readonly windows: Windows;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly onRows: (rows: FeatureRow[]) => void;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
}

/** A handler of telemetry messages. */
export function createIntake(options: IntakeOptions): (topic: string, payload: Uint8Array) => void {
  const { topics, spec, windows, metrics, log, onRows, now = Date.now } = options;
  const channels = new Set(spec.channels.map(({ name }) => name));
  const admit = createRateLimit({ intervalMs: LOG_INTERVAL_MS, now });

  function refuse(topic: string, error: InputError): void {
    metrics.add('invalidMessages');
    const { code, field, value, allowed } = error;
    const count = admit(`${code} ${field}`);
    if (count > 0) log.warn('message-refused', { topic, code, field, value, allowed, count });
  }

  function readSamples(topic: string, payload: Uint8Array, receivedAt: number) {
    const parsed = topics.parseTelemetry(topic);
    if (parsed === undefined) {
      throw new InputError('topic-invalid', 'Not a telemetry topic', {
        field: 'topic',
        value: topic.slice(0, 200),
        allowed: 'telemetry/{asset} or telemetry/{asset}/{channel}',
      });
    }
    if (!windows.accepts(parsed.asset)) {
      throw new InputError('topic-invalid', 'Too many assets', {
        field: 'asset',
        value: parsed.asset,
        allowed: 'an asset known already',
      });
    }
    const samples = parseTelemetry({ ...parsed, payload, receivedAt });
    const latest = samples.reduce((time, sample) => Math.max(time, sample.time), 0);
    if (latest > receivedAt + MAX_FUTURE_MS) {
      throw new InputError('payload-invalid', 'The time lies in the future', {
        field: 't',
        value: latest,
        allowed: `milliseconds since 1970, at most a day ahead of this machine's ${receivedAt}`,
      });
    }
    return samples;
  }

  return function receive(topic, payload) {
    const receivedAt = now();
    try {
      for (const sample of readSamples(topic, payload, receivedAt)) {
        if (!channels.has(sample.channel)) {
          const count = admit(`channel ${sample.channel}`);
          const { channel } = sample;
          if (count > 0) log.warn('channel-ignored', { topic, channel, count });
          continue;
        }
        metrics.add('samples');
        const rows = windows.push(sample, receivedAt);
        if (rows.length > 0) onRows(rows);
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      refuse(topic, error);
    }
  };
}
