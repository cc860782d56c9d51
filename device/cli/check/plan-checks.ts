// Which checks a configuration asks for, by name. They do not depend on each other.
import { dirname, resolve } from 'node:path';
import { createTopics } from '@dandan/shared/wire';
import { loadModel } from '../../cascade/index.ts';
import type { GatewayConfig, Secrets } from '../../config/index.ts';
import type { Check, Finding } from '../check-failure.ts';
import { checkBroker } from './broker.ts';
import { checkBundle } from './bundle.ts';
import { judgeClock } from './clock.ts';
import { checkDisk } from './disk.ts';
import { checkEdge, reachEdge } from './edge.ts';
import { checkMemory, checkNode } from './machine.ts';
import { checkPermissions } from './permissions.ts';
import { checkTls } from './tls.ts';

/** A gateway at rest, without a model: what Node, its libraries and buffers take. */
const BASE_BYTES = 150 * 1024 * 1024;

/** A bundle is held as its file and as packed weights. */
const COPIES_OF_BUNDLE = 2;

/** A row waiting in the outbox with its prediction: 60 features take 300 bytes. */
const OUTBOX_ROW_BYTES = 512;

export interface PlanOptions {
  readonly configFile: string;
  readonly config: GatewayConfig;
  readonly secrets: Secrets;
}

function tlsOf(url: string, standardPort: number) {
  const { hostname, port } = new URL(url);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || standardPort };
}

async function checkClock(url: string): Promise<Finding> {
  const askedAt = Date.now();
  // An edge that does not answer is another check's finding.
  const headers = await reachEdge(url).catch(() => undefined);
  return judgeClock({ date: headers?.get('date') ?? null, askedAt, answeredAt: Date.now() });
}

/** The checks in the order people should read them. */
export function planChecks({ configFile, config, secrets }: PlanOptions): [string, Check][] {
  const { broker, edge, bundle, policy, outbox, site, gateway } = config;
  const beside = (file: string) => resolve(dirname(configFile), file);
  const files = [edge.keyFile, broker.passwordFile].filter((file) => file !== undefined);
  const load = () => loadModel({ ...bundle, policy });
  const connection = {
    url: broker.url,
    // Another id than the gateway's own, which may be running.
    clientId: `dandan-${site}-${gateway}-check-${process.pid}`,
    username: broker.username,
    password: secrets.brokerPassword,
  };
  const filters = [createTopics({ site, gateway }).telemetryFilter];
  const checks: [string, Check | undefined][] = [
    ['node', () => checkNode()],
    ['permissions', () => checkPermissions({ configFile, secretFiles: files.map(beside) })],
    ['bundle', () => checkBundle({ load, signingKeysFile: undefined })],
    ['broker', () => checkBroker({ connection, protocol: broker.protocol, filters })],
    [
      'broker tls',
      broker.url.startsWith('mqtts:') ? () => checkTls(tlsOf(broker.url, 8883)) : undefined,
    ],
    [
      'edge',
      async () =>
        checkEdge({
          url: edge.url,
          key: secrets.edgeKey,
          model: await load().catch(() => undefined),
        }),
    ],
    ['edge tls', edge.url.startsWith('https:') ? () => checkTls(tlsOf(edge.url, 443)) : undefined],
    ['clock', () => checkClock(edge.url)],
    [
      'outbox',
      () =>
        checkDisk({
          folder: dirname(outbox.file),
          capBytes: outbox.maxRows * OUTBOX_ROW_BYTES,
          field: 'outbox.file',
        }),
    ],
    [
      'memory',
      async () => {
        const model = await load().catch(() => undefined);
        const bytes = model?.cascade.manifest.stages.at(-1)?.endByte ?? 0;
        return checkMemory({ neededBytes: BASE_BYTES + COPIES_OF_BUNDLE * bytes });
      },
    ],
  ];
  return checks.filter((entry): entry is [string, Check] => entry[1] !== undefined);
}
