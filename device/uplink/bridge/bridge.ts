// The bridge put together: requests of gateways that reach only their broker, answered by the
// edge under the bridge's own key.
import type { BridgeMetrics, BridgeStatus } from '@dandan/shared/wire';
import type { Logger } from '../../log/index.ts';
import type { MqttTransportOptions } from '../../mqtt/index.ts';
import { createSeal } from '../escalation/index.ts';
import { askEdge } from './ask-edge.ts';
import { type BrokerPort, createBrokerPort } from './broker-port.ts';
import { createCounters } from './counters.ts';
import { createDispatcher } from './dispatcher.ts';
import { createRateLimits } from './rate-limits.ts';

/** Time for requests at the edge when the bridge is told to stop. */
export const STOP_DEADLINE_MS = 5000;

/** Time for the last words after that. */
const FAREWELL_MS = 1000;

export interface BridgeBroker
  extends Pick<MqttTransportOptions, 'url' | 'username' | 'password' | 'tls' | 'protocol'> {
  readonly name: string;
}

export interface BridgeOptions {
  readonly bridge: string;
  readonly edge: { readonly url: string; readonly key: string; readonly timeoutMs: number };
  readonly brokers: readonly BridgeBroker[];
  /** `site/gateway` or `site/*`. */
  readonly serves: readonly string[];
  /** Secrets that gateways share with this bridge, by `site/gateway`. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly concurrency: number;
  readonly maxBytes: number;
  /** Of one gateway. */
  readonly requestsPerMinute: number;
  readonly burst: number;
  readonly metricsIntervalMs: number;
  readonly log: Logger;
  /** Milliseconds since the epoch. @default {Date.now} */
  readonly now?: () => number;
  /** Milliseconds of a clock that nobody sets. @default {performance.now} */
  readonly clock?: () => number;
}

export interface Bridge {
  /**
   * Serves every broker from when it is connected; resolves once all are.
   *
   * @throws {InputError} `mqtt5-required`, `broker-refused`, or the signal's reason.
   */
  start(signal: AbortSignal): Promise<void>;
  metrics(): BridgeMetrics;
  /** Takes no more requests, answers those at the edge within {@linkcode STOP_DEADLINE_MS}. */
  stop(): Promise<BridgeMetrics>;
}

/** A bridge that has not connected yet. */
export async function createBridge(options: BridgeOptions): Promise<Bridge> {
  const { bridge, edge, brokers, serves, secrets, maxBytes, log } = options;
  const { now = Date.now, clock = () => performance.now() } = options;
  const since = now();
  const counters = createCounters();
  const stopping = new AbortController();
  const sealed = [...secrets].map(
    async ([name, secret]) => [name, await createSeal(secret)] as const,
  );
  const seals = new Map(await Promise.all(sealed));
  let edgeState: BridgeStatus['edge'] = 'unknown';
  let online = true;
  let timer: NodeJS.Timeout | undefined;

  const dispatcher = createDispatcher({
    ask: (request, timeoutMs) => askEdge(request, { ...edge, timeoutMs, signal: stopping.signal }),
    concurrency: options.concurrency,
    timeoutMs: edge.timeoutMs,
    limits: createRateLimits({ ...options, clock }),
    counters,
    log,
    onEdge,
    clock,
  });

  const status = (): BridgeStatus => ({
    status: online ? 'online' : 'offline',
    bridge,
    serves: [...serves],
    edge: edgeState,
    maxBytes,
    since,
  });

  const ports = brokers.map(
    ({ name, ...broker }): BrokerPort =>
      createBrokerPort({
        bridge,
        name,
        broker,
        serves,
        maxBytes,
        seals,
        log,
        counters,
        status,
        onRequest: (request, answer) => dispatcher.submit(name, request, answer),
      }),
  );

  function announce(): void {
    for (const port of ports) port.announce();
  }

  function onEdge(state: 'up' | 'down'): void {
    // Requests that the bridge itself ended say nothing of the edge.
    if (stopping.signal.aborted || state === edgeState) return;
    if (state === 'down') log.warn('edge-down', {});
    else if (edgeState === 'down') log.info('edge-up', {});
    edgeState = state;
    announce();
  }

  const metrics = (): BridgeMetrics => ({
    t: now(),
    ...counters,
    queued: dispatcher.queued,
    inFlight: dispatcher.inFlight,
  });

  function publishMetrics(): void {
    for (const port of ports) port.publishMetrics(JSON.stringify(metrics()));
  }

  return {
    metrics,
    async start(signal) {
      timer = setInterval(publishMetrics, options.metricsIntervalMs);
      await Promise.all(ports.map((port) => port.start(signal)));
      const names = brokers.map(({ name }) => name);
      log.info('bridge-ready', { bridge, brokers: names, serves: serves.length });
    },
    async stop() {
      clearInterval(timer);
      online = false;
      announce();
      dispatcher.close();
      const cut = setTimeout(() => stopping.abort(), STOP_DEADLINE_MS);
      await dispatcher.settled();
      clearTimeout(cut);
      publishMetrics();
      const farewell = AbortSignal.timeout(FAREWELL_MS);
      await Promise.all(ports.map((port) => port.drain(farewell)));
      await Promise.all(ports.map((port) => port.close()));
      const final = metrics();
      log.info('bridge-stopped', { ...final });
      return final;
    },
  };
}
