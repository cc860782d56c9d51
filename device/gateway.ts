// The gateway put together: telemetry in, predictions out.
import { join } from 'node:path';
import type { FeatureRow } from '@dandan/shared/features';
import { selectRows } from '@dandan/shared/kernel';
import { createTopics, type GatewayMetrics, type Prediction } from '@dandan/shared/wire';
import { createBrokers } from './broker/index.ts';
import { answerRows, type LocalModel } from './cascade/index.ts';
import type { GatewayConfig, Secrets } from './config/index.ts';
import { createDelivery } from './delivery/index.ts';
import { createEdgeClient, createEscalator } from './escalation/index.ts';
import { createSilenceWatch, usualFlushAfterMs } from './ingest/index.ts';
import { type JournalRecord, openJournal, openJournalFolder } from './journal/index.ts';
import { createLine, type Line } from './line/index.ts';
import type { Logger } from './log/index.ts';
import { createMetrics } from './metrics/index.ts';
import { openOutbox } from './outbox/index.ts';
import {
  createPipeline,
  createReports,
  createSources,
  filtersOf,
  type PipelineState,
} from './pipeline/index.ts';
import { createBackoff } from './retry/index.ts';
import { createStatus } from './status/index.ts';

/** Time for answers in flight when the gateway is told to stop; service managers kill after 10 s or more. */
export const STOP_DEADLINE_MS = 5000;

/** A late answer is of use for a shift; brokers need not keep it longer for absent readers. */
const EDGE_ANSWER_EXPIRY_SECONDS = 8 * 60 * 60;

/** Records read again in one go at the start. */
const REPLAY_RECORDS = 5000;

export interface ConfiguredModel {
  readonly model: LocalModel;
  /** Names with * of the assets it reads. */
  readonly assets: readonly string[];
}

export interface GatewayOptions {
  readonly config: GatewayConfig;
  readonly secrets: Secrets;
  readonly models: readonly ConfiguredModel[];
  readonly log: Logger;
}

export interface Gateway {
  /**
   * Connects and takes telemetry from then on; waits for the home broker as long as it takes.
   *
   * @throws {InputError} `broker-refused`, or the signal's reason.
   */
  start(signal: AbortSignal): Promise<void>;
  metrics(): GatewayMetrics;
  /**
   * Takes no more telemetry, brings what is in flight to an end within
   * {@linkcode STOP_DEADLINE_MS}, says goodbye. Rows without an answer stay in the outbox.
   *
   * @returns the final counters.
   */
  stop(): Promise<GatewayMetrics>;
}

/** What the journal's snapshots hold. */
interface GatewayState {
  readonly pipeline: PipelineState;
  /** By SHA-256 of the bundle. */
  readonly lines: Readonly<Record<string, unknown>>;
}

/**
 * A gateway that has read its journal and opened its outbox but not connected yet.
 *
 * @throws {InputError} `outbox-unusable`.
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, secrets, models, log } = options;
  const { edge, site, gateway } = config;
  const topics = createTopics({ site, gateway });
  const outbox = openOutbox({ ...config.outbox, file: join(config.data, 'outbox.sqlite') });
  const stages = Math.max(...models.map(({ model }) => model.maxStage));
  const metrics = createMetrics({ stages, pending: () => outbox.pending });
  const status = createStatus({
    topics,
    home: () => brokers.home,
    lines: () => lines,
    metrics,
    intervalMs: config.metricsIntervalMs,
    log,
  });
  const { alert } = status;
  const journal = await openJournal({
    folder: openJournalFolder(join(config.data, 'journal')),
    commitDelayMs: config.journal.commitDelayMs,
    segmentBytes: config.journal.segmentMegabytes * 1024 * 1024,
  });
  // Written by this program: the journal holds nothing else.
  const state = journal.recovered.state as GatewayState | undefined;
  const flushAfterMs = (model: LocalModel) => config.flushAfterMs ?? usualFlushAfterMs(model.spec);
  const lines: readonly Line[] = models.map(({ model, assets }) =>
    createLine({
      model,
      assets,
      flushAfterMs: flushAfterMs(model),
      state: state?.lines[model.sha256],
    }),
  );
  /** Ids that an earlier process has delivered; empty once the journal has been read again. */
  const delivered = new Set<string>();
  const timers: NodeJS.Timeout[] = [];
  let replaying = true;
  let stopping = false;
  const brokers = createBrokers({
    config,
    secrets,
    topics,
    log,
    will: () => status.health('offline'),
    onConnect,
  });

  function publish(prediction: Prediction): Promise<void> {
    const expiry = prediction.tier === 'edge' ? { expirySeconds: EDGE_ANSWER_EXPIRY_SECONDS } : {};
    const topic = topics.prediction(prediction.asset);
    return brokers.home.publish(topic, JSON.stringify(prediction), expiry);
  }

  function onConnect(): void {
    status.announce();
    for (const watch of silence) watch.onConnect();
    escalator.wake();
  }

  const escalator = createEscalator({
    outbox,
    edge: createEdgeClient({ url: edge.url, key: secrets.edgeKey, timeoutMs: edge.timeoutMs }),
    publish,
    isConnected: brokers.isHomeConnected,
    metrics,
    log,
    alert,
    batchRows: edge.batchRows,
    batchDelayMs: edge.batchDelayMs,
    answerWithinMs: edge.timeoutMs,
    backoff: createBackoff({ minMs: edge.retryMinMs, maxMs: edge.retryMaxMs }),
  });

  const delivery = createDelivery({
    publish,
    onDelivered: journal.markDelivered,
    keep: () => {},
    forget: () => {},
    onRefused({ message }) {
      metrics.add('dropped');
      alert('predictions-dropped', message);
    },
  });

  function onRows({ model }: Line, featureRows: readonly FeatureRow[]): void {
    const { rows, predictions, unsure } = answerRows(model, featureRows);
    const escalated = new Set(unsure);
    const fresh = predictions.map(({ id }) => !delivered.has(id));
    metrics.add('rows', fresh.filter(Boolean).length);
    if (replaying) metrics.add('replayedRows', predictions.length);
    for (const [i, prediction] of predictions.entries()) {
      if (escalated.has(i) || !fresh[i]) continue;
      metrics.answeredAt(prediction.stage);
      delivery.deliver(prediction);
    }
    if (unsure.length === 0) return;
    escalator.add(unsure.map((i) => ({ prediction: predictions[i], row: selectRows(rows, [i]) })));
  }

  const sources = createSources(config.telemetry, topics);
  const pipeline = createPipeline({
    sources,
    lines: () => lines,
    onRows,
    onCommand: (broker, command) => {
      if (replaying) return;
      const { topic, payload } = command;
      brokers
        .of(broker)
        ?.publish(topic, payload)
        .catch(({ message: reason }: Error) => {
          log.warn('command-not-published', { topic, reason });
        });
    },
    ...createReports({ metrics, log }),
    state: state?.pipeline,
  });

  const silence = lines.map((line) =>
    createSilenceWatch({
      flushAfterMs: flushAfterMs(line.model),
      isConnected: brokers.areAllConnected,
      hasSilent: line.hasSilent,
      onSilence: (now) => journal.append({ kind: 'silence', now }),
    }),
  );

  function replay(records: readonly JournalRecord[]): void {
    for (const record of records) {
      if (record.kind === 'delivered') for (const id of record.ids) delivered.add(id);
    }
    for (let from = 0; from < records.length; from += REPLAY_RECORDS) {
      pipeline.apply(records.slice(from, from + REPLAY_RECORDS));
    }
    replaying = false;
    delivered.clear();
  }

  const { records, lostBytes } = journal.recovered;
  if (lostBytes > 0) alert('journal-damaged', `${lostBytes} bytes could not be read`, lostBytes);
  replay(records);
  journal.start({
    apply: pipeline.apply,
    snapshot: () => ({
      pipeline: pipeline.snapshot(),
      lines: Object.fromEntries(lines.map((line) => [line.model.sha256, line.snapshot()])),
    }),
    onCheckpoint() {
      delivery.keepAll();
      escalator.commit();
    },
    onUnwritable: ({ message }) => alert('journal-unwritable', message),
    onWritable: () => log.info('journal-writable'),
  });

  return {
    metrics: () => metrics.snapshot(),
    async start(signal) {
      await brokers.start({
        signal,
        filters: filtersOf(sources),
        onMessage(broker, topic, payload, details) {
          // What is held and never released, the broker keeps for the next process.
          const release = details.hold();
          if (stopping) return;
          const { retained, duplicate, packetId } = details;
          const receivedAt = Date.now();
          journal.append(
            { kind: 'message', broker, topic, payload, receivedAt, retained, duplicate, packetId },
            release,
          );
        },
      });
      status.start();
      for (const watch of silence) timers.push(setInterval(watch.tick, watch.intervalMs));
      log.info('gateway-ready', {
        site,
        gateway,
        pending: outbox.pending,
        replayed: records.length,
      });
    },
    async stop() {
      stopping = true;
      status.stop();
      for (const timer of timers) clearInterval(timer);
      await journal.flush();
      const deadline = AbortSignal.timeout(STOP_DEADLINE_MS);
      await escalator.drain(deadline);
      if (brokers.isHomeConnected()) await brokers.home.drain({ signal: deadline }).catch(() => {});
      await escalator.stop();
      const final = metrics.snapshot();
      await status.sayGoodbye();
      await brokers.close();
      escalator.flush();
      await journal.close();
      outbox.close();
      log.info('gateway-stopped', { ...final });
      return final;
    },
  };
}
