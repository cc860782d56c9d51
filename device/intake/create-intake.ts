// From brokers to feature rows, by way of the disk: what arrives is in the journal before its broker
// hears that it was taken and before anything follows from it.
import { join } from 'node:path';
import { InputError } from '@dandan/shared/error';
import type { Sample } from '@dandan/shared/features';
import { createTopics, MAX_TELEMETRY_BYTES } from '@dandan/shared/wire';
import type { GatewayConfig } from '../config/index.ts';
import type { Logger } from '../log/index.ts';
import type { Alert, Metrics } from '../metrics/index.ts';
import type { LineSet } from '../models/line/index.ts';
import type { Brokers } from '../mqtt/brokers/index.ts';
import {
  type Journal,
  type JournalRecord,
  openJournal,
  openJournalFolder,
} from './journal/index.ts';
import {
  createPipeline,
  createReports,
  createSources,
  filtersOf,
  type Pipeline,
  type PipelineOptions,
  type PipelineState,
} from './pipeline/index.ts';
import type { QualityWatch } from './quality/index.ts';

/** Records read again in one go at the start. */
const REPLAY_RECORDS = 1000;

/** Sparkplug births of large edge nodes; telemetry of one's own is far below. */
const MAX_MESSAGE_BYTES = 16 * MAX_TELEMETRY_BYTES;

export interface IntakeOptions extends Pick<PipelineOptions, 'onRows' | 'onClock'> {
  readonly config: GatewayConfig;
  readonly journal: Journal;
  readonly lines: LineSet;
  readonly brokers: Brokers;
  readonly metrics: Metrics;
  readonly quality: QualityWatch;
  readonly log: Logger;
  readonly state: PipelineState | undefined;
  /** Samples that went into windows, those that are read again included. */
  readonly onTaken: (sample: Sample) => void;
}

export interface Intake {
  readonly pipeline: Pipeline;
  /**
   * Reads the records of an earlier process again; `onDelivered` is told first which predictions
   * need no delivery any more.
   */
  replay(onDelivered: (ids: ReadonlySet<string>) => void): void;
  /** Connects, and takes messages from then on. @throws {InputError} or the signal's reason. */
  start(signal: AbortSignal): Promise<void>;
  /** Takes no more: what arrives stays with its broker. */
  stop(): void;
}

/** Opens the journal of a configuration. */
export function openIntakeJournal({ data, journal }: GatewayConfig): Promise<Journal> {
  return openJournal({
    folder: openJournalFolder(join(data, 'journal')),
    commitDelayMs: journal.commitDelayMs,
    segmentBytes: journal.segmentMegabytes * 1024 * 1024,
  });
}

/** What a journal that could not be read, or not whole, means for people. */
export function tellDamage({ recovered }: Journal, alert: Alert): void {
  const { lostBytes } = recovered;
  if (lostBytes > 0) alert('journal-damaged', `${lostBytes} bytes could not be read`, lostBytes);
}

export function createIntake(options: IntakeOptions): Intake {
  const { config, journal, lines, brokers, metrics, quality, log, state } = options;
  const topics = createTopics(config);
  const sources = createSources({
    telemetry: config.telemetry,
    topics,
    states: state?.sources,
  });
  const reports = createReports({ metrics, quality, log });
  let replaying = false;
  let stopping = false;
  const pipeline = createPipeline({
    ...options,
    ...reports,
    onSample(sample, receivedAt, converted) {
      options.onTaken(sample);
      if (!replaying) reports.onSample(sample, receivedAt, converted);
    },
    onUnit: (sample, receivedAt) => replaying || reports.onUnit(sample, receivedAt),
    onProblem: (topic, problem) => replaying || reports.onProblem(topic, problem),
    sources,
    lines: lines.all,
    onCommand(broker, { topic, payload }) {
      if (replaying) return;
      const publishing = brokers.of(broker)?.publish(topic, payload);
      publishing?.catch(({ message }: Error) => {
        log.warn('command-not-published', { topic, reason: message });
      });
    },
    state,
  });

  function tooLarge(topic: string, bytes: number): void {
    reports.onProblem(
      topic,
      new InputError('payload-invalid', 'The message is too large', {
        field: 'payload',
        value: `${bytes} bytes`,
        allowed: `at most ${MAX_MESSAGE_BYTES} bytes`,
      }),
    );
  }

  return {
    pipeline,
    replay(onDelivered) {
      const { records } = journal.recovered;
      const delivered = new Set<string>();
      for (const record of records) {
        if (record.kind === 'delivered') for (const id of record.ids) delivered.add(id);
      }
      onDelivered(delivered);
      replaying = true;
      let some: JournalRecord[] = [];
      for (const record of records) {
        some.push(record);
        if (some.length < REPLAY_RECORDS) continue;
        pipeline.apply(some);
        some = [];
      }
      pipeline.apply(some);
      replaying = false;
    },
    start: (signal) =>
      brokers.start({
        signal,
        filters: filtersOf(sources),
        onMessage(broker, topic, payload, details) {
          // What is held and never released, the broker keeps for the next process.
          const release = details.hold();
          if (stopping) return;
          if (payload.byteLength > MAX_MESSAGE_BYTES) {
            tooLarge(topic, payload.byteLength);
            release();
            return;
          }
          const { retained, duplicate, packetId } = details;
          const receivedAt = Date.now();
          journal.append(
            { kind: 'message', broker, topic, payload, receivedAt, retained, duplicate, packetId },
            release,
          );
        },
      }),
    stop() {
      stopping = true;
    },
  };
}
