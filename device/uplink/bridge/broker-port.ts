// The bridge at one broker: takes requests, publishes answers, says that it is there.
import { InputError } from '@dandan/shared/error';
import { type BridgeStatus, createBridgeTopics } from '@dandan/shared/wire';
import type { Logger } from '../../log/index.ts';
import {
  createMqttTransport,
  type MessageDetails,
  type MqttTransportOptions,
} from '../../mqtt/index.ts';
import { createBackoff, withSignal } from '../../retry/index.ts';
import type { BridgeCounters } from './counters.ts';
import {
  type Address,
  type BridgeRequest,
  type ReadRequestOptions,
  readRequest,
} from './read-request.ts';
import { problemReply, type Reply } from './reply.ts';

/** Several bridges share the requests of the gateways that they serve under the same words. */
const SHARED_GROUP = 'dandan-bridge';

/** Requests that are read at a time: 64 of a megabyte at most. */
const RECEIVE_MAXIMUM = 64;

/** An answer is of use until its gateway's next try, and brokers need not keep it. */
const ANSWER_EXPIRY_SECONDS = 60;

/** Answers that wait for a broker; beyond it the oldest is dropped, and its gateway asks again. */
const MAX_WAITING_ANSWERS = 1000;

const BROKER_BACKOFF = { minMs: 250, maxMs: 30_000 };

export interface BrokerPortOptions extends ReadRequestOptions {
  readonly bridge: string;
  /** Names the broker in logs. */
  readonly name: string;
  readonly broker: Pick<MqttTransportOptions, 'url' | 'username' | 'password' | 'tls' | 'protocol'>;
  readonly log: Logger;
  readonly counters: BridgeCounters;
  readonly status: () => BridgeStatus;
  readonly onRequest: (request: BridgeRequest, answer: (reply: Reply) => void) => void;
}

export interface BrokerPort {
  /** @throws {InputError} `mqtt5-required`, `broker-refused`, or the signal's reason. */
  start(signal: AbortSignal): Promise<void>;
  announce(): void;
  publishMetrics(metrics: string): void;
  /** Resolves when the broker has what was said, or with the signal. */
  drain(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Topics of the gateways served; names under a wildcard of their site need none of their own. */
export function requestFilters(serves: readonly string[]): string[] {
  const sites = new Set(
    serves.filter((name) => name.endsWith('/*')).map((name) => name.slice(0, -2)),
  );
  const single = serves.filter((name) => !name.endsWith('/*') && !sites.has(name.split('/')[0]));
  return [...[...sites].map((site) => `${site}/+`), ...new Set(single)].map(
    (name) => `$share/${SHARED_GROUP}/dandan/${name}/escalation/request`,
  );
}

export function createBrokerPort(options: BrokerPortOptions): BrokerPort {
  const { bridge, name, broker, log, counters, status, serves, onRequest } = options;
  const topics = createBridgeTopics(bridge);
  const transport = createMqttTransport({
    ...broker,
    clientId: `dandan-bridge-${bridge}`,
    // Requests from before a bridge was there have no one who waits for them.
    sessionSeconds: 0,
    receiveMaximum: RECEIVE_MAXIMUM,
    maxWaiting: MAX_WAITING_ANSWERS,
    will: { topic: topics.status, payload: JSON.stringify({ ...status(), status: 'offline' }) },
    backoff: createBackoff(BROKER_BACKOFF),
    log,
    onConnect: () => announce(),
  });

  function announce(): void {
    if (transport.state.kind !== 'connected') return;
    transport.publish(topics.status, JSON.stringify(status()), { retain: true }).catch(onLost);
  }

  function onLost({ message }: Error): void {
    log.debug('not-published', { broker: name, reason: message });
  }

  async function answer(address: Address, reply: Reply): Promise<void> {
    const { responseTopic, correlation, seal } = address;
    const { contentType, retryAfter, body } = reply;
    const status = String(reply.status);
    const sealed = await seal?.sign({
      direction: 'response',
      topic: responseTopic,
      responseTopic,
      correlation,
      status,
      retryAfter: retryAfter ?? '',
      body,
    });
    const userProperties = {
      status,
      ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
      ...(sealed === undefined ? {} : { seal: sealed }),
    };
    await transport.publish(responseTopic, body, {
      correlationData: correlation,
      contentType,
      userProperties,
      expirySeconds: ANSWER_EXPIRY_SECONDS,
    });
  }

  function reply(address: Address, given: Reply): void {
    answer(address, given).catch(({ message }: Error) => {
      counters.undelivered++;
      log.warn('answer-not-delivered', { broker: name, gateway: address.gateway, reason: message });
    });
  }

  async function receive(topic: string, payload: Uint8Array, details: MessageDetails) {
    const read = await readRequest(topic, payload, details, options);
    if (read.kind === 'dropped') {
      counters.dropped++;
      log.debug('message-dropped', { broker: name, topic, reason: read.reason });
    } else if (read.kind === 'refused') {
      counters.refused++;
      const { gateway } = read.address;
      log.debug('request-refused', { broker: name, gateway, reason: read.problem });
      reply(read.address, problemReply(read.problem));
    } else onRequest(read.request, (given) => reply(read.request, given));
  }

  return {
    announce,
    async start(signal) {
      await transport.connect({ signal });
      const { state } = transport;
      if (state.kind === 'connected' && state.protocol !== '5') {
        throw new InputError('mqtt5-required', `The broker ${name} does not speak MQTT 5`, {
          field: `brokers.${name}.url`,
          value: `MQTT ${state.protocol}`,
          allowed: 'a broker with MQTT 5: requests and their answers need its properties',
        });
      }
      const subscribed = requestFilters(serves).map((filter) =>
        transport.subscribe(filter, (topic, payload, details) => {
          // The broker hands on no more than it may until these are read.
          const release = details.hold();
          void receive(topic, payload, details).finally(release);
        }),
      );
      await withSignal(Promise.all(subscribed), signal);
      log.info('bridge-serves', { bridge, broker: name });
      announce();
    },
    publishMetrics(metrics) {
      if (transport.state.kind === 'connected') {
        transport.publish(topics.metrics, metrics).catch(onLost);
      }
    },
    async drain(signal) {
      if (transport.state.kind === 'connected') await transport.drain({ signal }).catch(() => {});
    },
    close: () => transport.close(),
  };
}
