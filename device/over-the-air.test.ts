// A gateway under Dandan's own edge, from an empty disk: the program as its user starts it, fed over
// a real broker, gets its bundle, a better one and a worse one over the air.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { exportPublicKey } from '@dandan/shared/release';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { type RealEdge, startRealEdge } from './models/update/testing/real-edge.ts';
import { MODEL, SIGNER, signRelease, VERSIONS } from './models/update/testing/releases.ts';
import type { TestBroker } from './testing/broker.ts';
import { type GatewayProcess, spawnGateway } from './testing/gateway-process.ts';
import { skipMosquitto, startMosquitto } from './testing/mosquitto.ts';
import { poll } from './testing/poll.ts';
import { type Probe, startProbe, TEST_SITE } from './testing/probe.ts';
import { createMessages } from './testing/telemetry.ts';
import { TEST_SPEC } from './testing/telemetry-spec.ts';

const [one, two, three] = VERSIONS;
const DEVICE = 'osaka-line-1';

let edge: RealEdge;
let broker: TestBroker;
let probe: Probe;
let folder: string;
let config: string;
let gateway: GatewayProcess | undefined;
let release = 0;
/** Event time goes on from phase to phase. */
let from = 1_767_225_600_000;

beforeAll(async () => {
  if (skipMosquitto) return;
  edge = await startRealEdge();
  broker = await startMosquitto();
  probe = await startProbe(broker.url);
  folder = await mkdtemp(join(tmpdir(), 'dandan-over-the-air-'));
  const keyFile = join(folder, 'edge.key');
  await writeFile(keyFile, `${await edge.key(DEVICE)}\n`, { mode: 0o600 });
  const signingKeys = [{ id: SIGNER.id, publicKey: await exportPublicKey(SIGNER) }];
  await writeFile(`${keyFile}.signing-keys.json`, JSON.stringify({ signingKeys }));
  config = join(folder, 'gateway.yaml');
  await writeFile(
    config,
    stringify({
      ...TEST_SITE,
      data: 'data',
      broker: { url: broker.url, willDelaySeconds: 0 },
      edge: { url: edge.url, keyFile },
      models: [
        {
          model: MODEL,
          stages: 1,
          // Made-up weights agree on nothing; what a trial judges has tests of its own.
          canary: { minRows: 20, minAgreement: 0, maxUnsureGrowth: 1, maxNewClassShare: 1 },
          // A release that comes during the probation of another waits for its end.
          probation: { minMs: 1000 },
        },
      ],
      updates: { checkIntervalMs: 200 },
      edgeReport: { heartbeatMs: 5000, countsMs: 5000 },
      remote: { enabled: true },
      journal: { commitDelayMs: 1 },
      metricsIntervalMs: 50,
    }),
  );
  for (const bundle of VERSIONS) await edge.upload(bundle);
}, 180_000);

afterAll(async () => {
  gateway?.child.kill('SIGKILL');
  await probe?.close();
  await broker?.dispose();
  await edge?.[Symbol.asyncDispose]();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

async function publish(bundle: (typeof VERSIONS)[number], fallback?: (typeof VERSIONS)[number]) {
  release++;
  const now = Date.now();
  const change = {
    issued: new Date(now).toISOString(),
    expires: new Date(now + 86_400_000).toISOString(),
  };
  await edge.publish(await signRelease({ release, bundle, fallback, change }));
}

async function start(): Promise<void> {
  gateway = spawnGateway(['run', '--config', config, '--json']);
  const { child, err } = gateway;
  await poll('the gateway', () => {
    if (child.exitCode !== null) throw new Error(`It stopped: ${err()}`);
    return err().includes('"gateway-ready"');
  });
}

/** Longest that a release takes: the edge answers from a memory of five seconds. */
const PATIENCE_MS = 60_000;

/** Sends telemetry until the gateway answers by `bundle`. */
async function untilAnsweredBy(bundle: (typeof VERSIONS)[number]): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (let seed = 1; probe.predictions.at(-1)?.bundle !== bundle.sha256; seed++) {
    if (Date.now() > deadline) throw new Error(`Never answered by it: ${gateway?.err()}`);
    const messages = createMessages({ spec: TEST_SPEC, count: 20, start: from, seed });
    from = (messages.at(-1)?.t ?? from) + 200;
    await probe.send(messages);
    await delay(100);
  }
}

test.skipIf(skipMosquitto)(
  'a bundle comes, a better one follows after a trial on live rows, and the edge takes it back',
  async () => {
    await start();
    await publish(one);
    await poll('the first bundle', () => gateway?.err().includes('"bundle-served"'));
    await untilAnsweredBy(one);

    await publish(two, one);
    await untilAnsweredBy(two);
    expect(gateway?.err()).toContain('"canary-judged"');
    // No row is missing or doubled where one bundle follows the other.
    const rows = probe.predictions.map(({ asset, t }) => `${asset} ${t}`);
    expect(new Set(rows).size).toBe(rows.length);

    // Killed and started anew, it serves what it had, with the windows that it had.
    gateway?.child.kill('SIGKILL');
    await gateway?.exit;
    await start();
    await untilAnsweredBy(two);

    await edge.rollBack(release);
    await untilAnsweredBy(one);

    await publish(three, one);
    await untilAnsweredBy(three);
    const devices = await (await edge.call('GET', '/v1/devices')).text();
    expect(devices).toContain(DEVICE);
    expect(devices).toContain('dandan-gateway');
  },
  240_000,
);
