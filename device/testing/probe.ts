// A plant and a reader in one: sends telemetry to a gateway and collects what it says.
import {
  createTopics,
  type GatewayAlert,
  type GatewayHealth,
  type GatewayMetrics,
  gatewayAlertSchema,
  gatewayHealthSchema,
  gatewayMetricsSchema,
  type Prediction,
  predictionSchema,
} from '@dandan/shared/wire';
import { createLogger } from '../log/index.ts';
import { createMqttTransport } from '../mqtt/index.ts';
import { createBackoff } from '../retry/index.ts';
import type { TestMessage } from './telemetry.ts';

export interface Probe {
  /** In order of arrival; every payload has passed its schema. */
  readonly predictions: Prediction[];
  readonly metrics: GatewayMetrics[];
  readonly health: GatewayHealth[];
  readonly alerts: GatewayAlert[];
  /** Subscriptions that brokers have granted so far; a restarted one grants them again. */
  subscriptions(): number;
  /** The last prediction of every id. */
  last(): Map<string, Prediction>;
  send(messages: readonly TestMessage[]): Promise<void>;
  sendRaw(topic: string, payload: string): Promise<void>;
  close(): Promise<void>;
}

export const TEST_SITE = { site: 'osaka', gateway: 'line-1' };

const topics = createTopics(TEST_SITE);

export async function startProbe(url: string): Promise<Probe> {
  let granted = 0;
  const transport = createMqttTransport({
    url,
    clientId: `probe-${process.pid}-${Math.random().toString(36).slice(2)}`,
    backoff: createBackoff({ minMs: 20, maxMs: 100 }),
    log: createLogger({
      write: (line) => {
        if (line.includes('"subscribed"')) granted++;
      },
    }),
  });
  const predictions: Prediction[] = [];
  const metrics: GatewayMetrics[] = [];
  const health: GatewayHealth[] = [];
  const alerts: GatewayAlert[] = [];
  const json = (payload: Uint8Array): unknown => JSON.parse(Buffer.from(payload).toString());
  await transport.connect();
  await Promise.all([
    transport.subscribe(topics.prediction('+'), (_, payload) =>
      predictions.push(predictionSchema.parse(json(payload))),
    ),
    transport.subscribe(topics.metrics, (_, payload) =>
      metrics.push(gatewayMetricsSchema.parse(json(payload))),
    ),
    transport.subscribe(topics.health, (_, payload) =>
      health.push(gatewayHealthSchema.parse(json(payload))),
    ),
    transport.subscribe(topics.alert, (_, payload) =>
      alerts.push(gatewayAlertSchema.parse(json(payload))),
    ),
  ]);
  return {
    predictions,
    metrics,
    health,
    alerts,
    subscriptions: () => granted,
    last: () => new Map(predictions.map((prediction) => [prediction.id, prediction])),
    async send(messages) {
      await Promise.all(
        messages.map(({ asset, t, values }) =>
          transport.publish(topics.telemetry(asset), JSON.stringify({ t, values })),
        ),
      );
    },
    sendRaw: (topic, payload) => transport.publish(topic, payload),
    close: () => transport.close(),
  };
}
