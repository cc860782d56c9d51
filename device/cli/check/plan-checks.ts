// Which checks a configuration asks for, by name. They do not depend on each other.

import type { GatewayConfig, Secrets } from '../../config/index.ts';
import { loadModel } from '../../models/cascade/index.ts';
import type { Check, Finding } from '../check-failure.ts';
import { checkBundle } from './bundle.ts';
import { judgeClock } from './clock.ts';
import { checkDisk } from './disk.ts';
import { checkEdge, reachEdge } from './edge.ts';
import { checkMemory, checkNode, checkPort } from './machine.ts';
import { checkPermissions } from './permissions.ts';
import { endpointOf, planBrokers } from './plan-brokers.ts';
import { checkPolicy } from './policy.ts';
import { checkTls } from './tls.ts';

/** A gateway at rest, without a model: what Node, its libraries and buffers take. */
const BASE_BYTES = 150 * 1024 * 1024;

/** A bundle is held as its file and as packed weights. */
const COPIES_OF_BUNDLE = 2;

export interface PlanOptions {
  readonly configFile: string;
  readonly config: GatewayConfig;
  readonly secrets: Secrets;
}

async function checkClock(url: string | undefined): Promise<Finding> {
  const askedAt = Date.now();
  // An edge that does not answer is another check's finding.
  const headers = url === undefined ? undefined : await reachEdge(url).catch(() => undefined);
  return judgeClock({ date: headers?.get('date') ?? null, askedAt, answeredAt: Date.now() });
}

type Named = [string, Check | undefined];

/** The checks in the order people should read them. */
export function planChecks({ configFile, config, secrets }: PlanOptions): [string, Check][] {
  const { broker, brokers, edge, data, models, outbox, updates, exposition } = config;
  const { url } = edge;
  const policy =
    typeof config.policy === 'object' && 'file' in config.policy ? config.policy.file : undefined;
  const files = [
    edge.keyFile,
    config.escalation.bridge.secretFile,
    ...[broker, ...Object.values(brokers)].flatMap((each) => [
      each.passwordFile,
      each.tls?.keyFile,
    ]),
  ].filter((file) => file !== undefined);
  const inFiles = models.flatMap((each) => ('file' in each ? [each] : []));
  const signingKeysFile =
    inFiles.length === models.length
      ? undefined
      : (updates.signingKeysFile ?? `${edge.keyFile}.signing-keys.json`);
  const load = () => Promise.all(inFiles.map((each) => loadModel(each)));
  const first = async () => (await load().catch(() => []))[0];
  const checks: Named[] = [
    ['node', () => checkNode()],
    ['permissions', () => checkPermissions({ configFile, secretFiles: files })],
    ['bundle', () => checkBundle({ load, signingKeysFile })],
    ['policy', policy === undefined ? undefined : () => checkPolicy(policy)],
    ...planBrokers(config, secrets),
    [
      'edge',
      url === undefined
        ? undefined
        : async () => checkEdge({ url, key: secrets.edgeKey(), model: await first() }),
    ],
    ['edge tls', url?.startsWith('https:') ? () => checkTls(endpointOf(url, 443)) : undefined],
    ['clock', () => checkClock(url)],
    [
      'data',
      () =>
        checkDisk({
          folder: data,
          capBytes: outbox.maxMegabytes * 1e6 + updates.maxBytes,
          field: 'data',
        }),
    ],
    [
      'memory',
      async () => {
        const loaded = await load().catch(() => []);
        const bytes = loaded.reduce(
          (sum, { cascade }) => sum + (cascade.manifest.stages.at(-1)?.endByte ?? 0),
          0,
        );
        return checkMemory({ neededBytes: BASE_BYTES + COPIES_OF_BUNDLE * bytes });
      },
    ],
    ['port', exposition && (() => checkPort({ ...exposition, field: 'exposition.port' }))],
  ];
  return checks.filter((entry): entry is [string, Check] => entry[1] !== undefined);
}
