// The gateway put together: telemetry in, predictions out.

import { selectRows } from '@dandan/shared/kernel';
import {
  createTopics,
  type GatewayHealth,
  type GatewayMetrics,
  type Prediction,
} from '@dandan/shared/wire';
import { answerRows, createRowBatcher, type LocalModel } from './cascade/index.ts';
import type { GatewayConfig, Secrets } from './config/index.ts';
import { createEdgeClient, createEscalator } from './escalation/index.ts';
import {
  createIntake,
  createSilenceWatch,
  createWindows,
  usualFlushAfterMs,
} from './ingest/index.ts';
import type { Logger } from './log/index.ts';
import { createAlerts, createMetrics } from './metrics/index.ts';
import { createMqttTransport } from './mqtt/index.ts';
import { openOutbox } from './outbox/index.ts';
import { createBackoff, withSignal } from './retry/index.ts';

/** Time for answers in flight when the gateway is told to stop; service managers kill after 10 s or more. */
export const STOP_DEADLINE_MS = 5000;

/** Time for the last words, metrics and health, after that. */
const FAREWELL_MS = 1000;

/** A late answer is of use for a shift; brokers need not keep it longer for absent readers. */
const EDGE_ANSWER_EXPIRY_SECONDS = 8 * 60 * 60;

/** Brokers restart in seconds; a site's gateways spread over half a minute. */
const BROKER_BACKOFF = { minMs: 250, maxMs: 30_000 };

export interface GatewayOptions {
  readonly config: GatewayConfig;
  readonly secrets: Secrets;
  readonly model: LocalModel;
  readonly log: Logger;
}

export interface Gateway {
  /**
   * Connects and takes telemetry from then on; waits for the broker as long as it takes.
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

/**
 * A gateway that has opened its outbox but not connected yet.
 *
 * @throws {InputError} `outbox-unusable`.
 */
export function createGateway({ config, secrets, model, log }: GatewayOptions): Gateway {
  const { broker, edge, site, gateway } = config;
  const topics = createTopics({ site, gateway });
  const since = Date.now();
  const flushAfterMs = config.flushAfterMs ?? usualFlushAfterMs(model.spec);
  const outbox = openOutbox(config.outbox);
  const metrics = createMetrics({ stages: config.bundle.stages, pending: () => outbox.pending });
  const timers: NodeJS.Timeout[] = [];
  let stopping = false;

  const health = (status: GatewayHealth['status']) =>
    JSON.stringify({
      status,
      bundle: model.sha256,
      model: model.name,
      stages: config.bundle.stages,
      since,
    } satisfies GatewayHealth);

  const transport = createMqttTransport({
    url: broker.url,
    clientId: `dandan-${site}-${gateway}`,
    username: broker.username,
    password: secrets.brokerPassword,
    protocol: broker.protocol,
    will: { topic: topics.health, payload: health('offline') },
    backoff: createBackoff(BROKER_BACKOFF),
    log,
    onConnect() {
      transport.publish(topics.health, health('online'), { retain: true }).catch(onLastWordLost);
      silence.onConnect();
      escalator.wake();
    },
  });

  const isConnected = () => transport.state.kind === 'connected';

  function onLastWordLost({ message }: Error): void {
    log.debug('status-not-published', { reason: message });
  }

  const alert = createAlerts({
    log,
    publish: (body) => transport.publish(topics.alert, JSON.stringify(body)).catch(onLastWordLost),
  });

  function publish(prediction: Prediction): Promise<void> {
    const options = prediction.tier === 'edge' ? { expirySeconds: EDGE_ANSWER_EXPIRY_SECONDS } : {};
    return transport.publish(
      topics.prediction(prediction.asset),
      JSON.stringify(prediction),
      options,
    );
  }

  const escalator = createEscalator({
    model: model.name,
    outbox,
    edge: createEdgeClient({ url: edge.url, key: secrets.edgeKey, timeoutMs: edge.timeoutMs }),
    publish,
    isConnected,
    metrics,
    log,
    alert,
    batchRows: edge.batchRows,
    batchDelayMs: edge.batchDelayMs,
    answerWithinMs: edge.timeoutMs,
    backoff: createBackoff({ minMs: edge.retryMinMs, maxMs: edge.retryMaxMs }),
  });

  const batcher = createRowBatcher((featureRows) => {
    const { rows, predictions, unsure } = answerRows(model, featureRows);
    metrics.add('rows', predictions.length);
    const escalated = new Set(unsure);
    for (const [i, prediction] of predictions.entries()) {
      if (escalated.has(i)) continue;
      metrics.answeredAt(prediction.stage);
      publish(prediction).catch(({ message }: Error) => {
        metrics.add('dropped');
        alert('predictions-dropped', message);
      });
    }
    if (unsure.length === 0) return;
    escalator.add(unsure.map((i) => ({ prediction: predictions[i], row: selectRows(rows, [i]) })));
  });

  const windows = createWindows({ spec: model.spec, flushAfterMs });
  const receive = createIntake({
    topics,
    spec: model.spec,
    windows,
    metrics,
    log,
    onRows: batcher.add,
  });

  const silence = createSilenceWatch({ windows, flushAfterMs, isConnected, onRows: batcher.add });

  function publishMetrics(): void {
    if (!isConnected()) return;
    transport.publish(topics.metrics, JSON.stringify(metrics.snapshot())).catch(onLastWordLost);
  }

  function startTimers(): void {
    timers.push(setInterval(publishMetrics, config.metricsIntervalMs));
    timers.push(setInterval(silence.tick, silence.intervalMs));
  }

  async function sayGoodbye(): Promise<void> {
    publishMetrics();
    transport.publish(topics.health, health('offline'), { retain: true }).catch(onLastWordLost);
    if (!isConnected()) return;
    await transport.drain({ signal: AbortSignal.timeout(FAREWELL_MS) }).catch(() => {});
  }

  return {
    metrics: () => metrics.snapshot(),
    async start(signal) {
      const subscribed = transport.subscribe(topics.telemetryFilter, (topic, payload) => {
        if (!stopping) receive(topic, payload);
      });
      await transport.connect({ signal });
      await withSignal(subscribed, signal);
      startTimers();
      log.info('gateway-ready', {
        site,
        gateway,
        model: model.name,
        bundle: model.sha256,
        stages: config.bundle.stages,
        policy: model.policy,
        pending: outbox.pending,
      });
    },
    async stop() {
      stopping = true;
      for (const timer of timers) clearInterval(timer);
      batcher.flush();
      const deadline = AbortSignal.timeout(STOP_DEADLINE_MS);
      await escalator.drain(deadline);
      if (isConnected()) await transport.drain({ signal: deadline }).catch(() => {});
      await escalator.stop();
      const final = metrics.snapshot();
      await sayGoodbye();
      await transport.close();
      escalator.flush();
      outbox.close();
      log.info('gateway-stopped', { ...final });
      return final;
    },
  };
}
