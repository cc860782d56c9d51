// Listens to everything the gateway publishes.
import { createTopics, gatewayMetricsSchema, predictionSchema } from '@dandan/shared/wire';
import type { MqttClient } from 'mqtt';
import type { Scoreboard } from './scoreboard.ts';

export interface WatchOptions {
  readonly client: MqttClient;
  readonly site: string;
  readonly gateway: string;
  readonly scoreboard: Scoreboard;
}

/** Feeds the scoreboard; `online` follows the gateway's health. */
export async function watchGateway(options: WatchOptions): Promise<{ online(): boolean }> {
  const { client, scoreboard } = options;
  const topics = createTopics(options);
  let online = false;
  client.on('message', (topic, payload) => {
    const json: unknown = JSON.parse(payload.toString());
    if (topic === topics.metrics) scoreboard.metrics(gatewayMetricsSchema.parse(json));
    else if (topic === topics.health) online = (json as { status: string }).status === 'online';
    else scoreboard.prediction(predictionSchema.parse(json));
  });
  await client.subscribeAsync([topics.prediction('+'), topics.metrics, topics.health], { qos: 1 });
  return { online: () => online };
}
