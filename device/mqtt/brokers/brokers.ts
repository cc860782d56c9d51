// All brokers of a gateway: the home broker, which hears its predictions, and those that only
// telemetry comes from.
import type { GatewayHealth, Topics } from '@dandan/shared/wire';
import type { GatewayConfig, Secrets } from '../../config/index.ts';
import type { Logger } from '../../log/index.ts';
import { createBackoff, withSignal } from '../../retry/index.ts';
import { createMqttTransport, type MessageDetails, type Transport } from '../index.ts';

/** Brokers restart in seconds; a site's gateways spread over half a minute. */
const BROKER_BACKOFF = { minMs: 250, maxMs: 30_000 };

/** Name of the home broker, where brokers are told apart by name. */
export const HOME = '';

export interface BrokersOptions {
  readonly config: GatewayConfig;
  readonly secrets: Secrets;
  readonly topics: Topics;
  readonly log: Logger;
  /** Left with the home broker for when the gateway is cut off. */
  readonly will: () => GatewayHealth;
  readonly onConnect: (broker: string) => void;
}

export interface StartOptions {
  readonly signal: AbortSignal;
  /** Topic filters by broker. */
  readonly filters: ReadonlyMap<string, readonly string[]>;
  readonly onMessage: (
    broker: string,
    topic: string,
    payload: Uint8Array,
    details: MessageDetails,
  ) => void;
}

export interface Brokers {
  readonly home: Transport;
  readonly isHomeConnected: () => boolean;
  readonly areAllConnected: () => boolean;
  /** The transport of a broker by name; `undefined` for one that is not configured (any more). */
  of(broker: string): Transport | undefined;
  /**
   * Connects to all and subscribes; resolves when the home broker is connected and has granted its
   * subscriptions. The others are waited for beside the work.
   *
   * @throws {InputError} `broker-refused`, or the signal's reason.
   */
  start(options: StartOptions): Promise<void>;
  close(): Promise<void>;
}

/** Transports to all configured brokers; none connects before `start`. */
export function createBrokers(options: BrokersOptions): Brokers {
  const { config, secrets, topics, log, will, onConnect } = options;
  const { site, gateway } = config;

  function open(name: string): Transport {
    const broker = name === HOME ? config.broker : config.brokers[name];
    return createMqttTransport({
      url: broker.url,
      clientId: `dandan-${site}-${gateway}`,
      username: broker.username,
      password: secrets.brokerPasswords[name],
      protocol: broker.protocol,
      tls: broker.tls,
      sessionSeconds: broker.sessionSeconds,
      receiveMaximum: broker.receiveMaximum,
      will:
        name === HOME
          ? () => ({
              topic: topics.health,
              payload: JSON.stringify(will()),
              delaySeconds: config.broker.willDelaySeconds,
            })
          : undefined,
      backoff: createBackoff(BROKER_BACKOFF),
      log,
      onConnect: () => onConnect(name),
    });
  }

  const names = [HOME, ...Object.keys(config.brokers)];
  const transports = new Map(names.map((name) => [name, open(name)]));
  const home = transports.get(HOME) as Transport;

  return {
    home,
    isHomeConnected: () => home.state.kind === 'connected',
    areAllConnected: () =>
      [...transports.values()].every(({ state }) => state.kind === 'connected'),
    of: (broker) => transports.get(broker),
    async start({ signal, filters, onMessage }) {
      const granted = new Map<string, Promise<unknown>>();
      for (const [name, transport] of transports) {
        const wanted = (filters.get(name) ?? []).map((filter) =>
          transport.subscribe(filter, (topic, payload, details) =>
            onMessage(name, topic, payload, details),
          ),
        );
        granted.set(name, Promise.all(wanted));
        // A refusal of another broker is in its log; the gateway works without it.
        granted.get(name)?.catch(() => {});
        if (name !== HOME) transport.connect({ signal }).catch(() => {});
      }
      await home.connect({ signal });
      await withSignal(granted.get(HOME) as Promise<unknown>, signal);
    },
    async close() {
      await Promise.all([...transports.values()].map((transport) => transport.close()));
    },
  };
}
