// A gateway's link to the edge through a broker and a bridge, all of them real.
import { createTopics } from '@dandan/shared/wire';
import { createLogger } from '../log/index.ts';
import { createMqttTransport, type Transport } from '../mqtt/index.ts';
import { createBackoff } from '../retry/index.ts';
import { type BridgeOptions, createBridge } from '../uplink/bridge/index.ts';
import {
  createBridgeWatch,
  createMqttLink,
  createSeal,
  type MqttLink,
} from '../uplink/escalation/index.ts';
import { EDGE_KEY } from './edge-server.ts';
import { poll } from './poll.ts';
import { TEST_SITE } from './probe.ts';

export const QUIET = createLogger({ write: () => {} });

/** Options of a bridge for tests: one broker, one gateway, no limit in the way. */
export function bridgeOptions(
  brokerUrl: string,
  edgeUrl: string,
  options: Partial<BridgeOptions> = {},
): BridgeOptions {
  return {
    bridge: 'bridge-1',
    edge: { url: edgeUrl, key: EDGE_KEY, timeoutMs: 5000 },
    brokers: [{ name: 'plant', url: brokerUrl }],
    serves: [`${TEST_SITE.site}/${TEST_SITE.gateway}`],
    secrets: new Map(),
    concurrency: 8,
    maxBytes: 65_536,
    requestsPerMinute: 60_000,
    burst: 1000,
    metricsIntervalMs: 50,
    log: QUIET,
    ...options,
  };
}

export async function startBridge(
  brokerUrl: string,
  edgeUrl: string,
  options?: Partial<BridgeOptions>,
) {
  const bridge = await createBridge(bridgeOptions(brokerUrl, edgeUrl, options));
  await bridge.start(AbortSignal.timeout(20_000));
  return bridge;
}

let clients = 0;

/** A connected transport. */
export async function connectTo(url: string, clientId = `client-${process.pid}-${++clients}`) {
  const backoff = createBackoff({ minMs: 20, maxMs: 100 });
  const transport = createMqttTransport({ url, clientId, backoff, log: QUIET });
  await transport.connect({ signal: AbortSignal.timeout(20_000) });
  return transport;
}

/** A link that knows of a bridge; `secret`: shared with it. */
export async function connectLink(
  transport: Transport,
  {
    timeoutMs = 5000,
    secret,
    gateway = TEST_SITE.gateway,
  }: {
    timeoutMs?: number;
    secret?: string;
    gateway?: string;
  } = {},
): Promise<MqttLink> {
  const name = { site: TEST_SITE.site, gateway };
  const watch = createBridgeWatch(name);
  const link = createMqttLink({
    transport,
    topics: createTopics(name),
    watch,
    timeoutMs,
    seal: secret === undefined ? undefined : await createSeal(secret),
  });
  await link.start(AbortSignal.timeout(20_000));
  await poll('the bridge', () => watch.bridge() !== undefined);
  return link;
}
