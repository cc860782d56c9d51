// `dandan-gateway bridge`: a bridge until SIGINT or SIGTERM.

import { readBridgeConfig } from '../config/index.ts';
import { createLogger } from '../log/index.ts';
import { createBridge } from '../uplink/bridge/index.ts';
import { EXIT, type Streams } from './output.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface BridgeCommandOptions {
  readonly config: string;
  readonly json: boolean;
}

/**
 * Runs until a signal asks to stop; a second signal does not wait for what is in flight.
 *
 * @returns the exit code.
 * @throws {InputError} before the bridge runs.
 */
export async function bridge(options: BridgeCommandOptions, streams: Streams): Promise<number> {
  const { config, secrets } = await readBridgeConfig({ file: options.config });
  const log = createLogger({
    level: config.logLevel,
    write: (line) => streams.err(`${line}\n`),
  });
  for (const [name, { url }] of Object.entries(config.brokers)) {
    const clear = [url].flat().some((each) => each.startsWith('mqtt:'));
    if (!clear || !secrets.brokerPasswords.has(name)) continue;
    log.warn('password-in-the-clear', { broker: name, fix: 'reach the broker by mqtts://' });
  }
  const { limits, edge } = config;
  const brokers = Object.entries(config.brokers).map(([name, broker]) => ({
    name,
    url: broker.url,
    username: broker.username,
    password: secrets.brokerPasswords.get(name),
    protocol: broker.protocol,
    tls: broker.tls,
  }));
  const running = await createBridge({
    bridge: config.bridge,
    edge: { url: edge.url, key: secrets.edgeKey, timeoutMs: edge.timeoutMs },
    brokers,
    serves: config.serves,
    secrets: secrets.gatewaySecrets,
    concurrency: edge.concurrency,
    ...limits,
    metricsIntervalMs: config.metricsIntervalMs,
    log,
  });
  const stop = new AbortController();
  const stopped = new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
  const onSignal = (signal: NodeJS.Signals) => {
    if (stop.signal.aborted) process.exit(EXIT.failure);
    log.info('stopping', { signal });
    stop.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    await running.start(stop.signal);
    await stopped;
  } catch (error) {
    if (!stop.signal.aborted) {
      await running.stop();
      throw error;
    }
  }
  const metrics = await running.stop();
  for (const signal of SIGNALS) process.off(signal, onSignal);
  if (options.json) streams.out(`${JSON.stringify(metrics)}\n`);
  return EXIT.ok;
}
