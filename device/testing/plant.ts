// A small plant for end-to-end tests: bundle, edge, broker, probe, and the gateway as the
// process that a user would start.
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TelemetrySpec } from '@dandan/shared/features';
import { createTestBundle, type TestBundle } from '@dandan/shared/testing';
import type { GatewayMetrics } from '@dandan/shared/wire';
import { stringify } from 'yaml';
import type { TestBroker } from './broker.ts';
import { EDGE_KEY, type EdgeServer, startEdgeServer } from './edge-server.ts';
import { type GatewayProcess, spawnGateway } from './gateway-process.ts';
import { poll } from './poll.ts';
import { type Probe, startProbe, TEST_SITE } from './probe.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
import { TEST_SPEC } from './telemetry-spec.ts';

export interface PlantOptions {
  readonly startBroker: () => Promise<TestBroker>;
  /** @default {'auto'} */
  readonly protocol?: string;
  /** @default {TEST_SPEC} */
  readonly spec?: TelemetrySpec;
  /** The gateway reaches broker and edge by cables that can be pulled. @default {false} */
  readonly cables?: boolean;
  /** Further fields of the configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface Cables {
  readonly broker: TcpProxy;
  readonly edge: TcpProxy;
}

export interface Plant {
  readonly made: TestBundle;
  readonly spec: TelemetrySpec;
  readonly broker: TestBroker;
  readonly edge: EdgeServer;
  readonly probe: Probe;
  readonly cables: Cables | undefined;
  readonly configFile: string;
  /** Starts the gateway and waits until it takes telemetry. */
  start(): Promise<GatewayProcess>;
  /** Runs any command of the program. */
  spawn(...args: string[]): GatewayProcess;
  /** Asks the gateway to stop; its last words are the final metrics. */
  stop(gateway: GatewayProcess): Promise<GatewayMetrics>;
  dispose(): Promise<void>;
}

export async function startPlant(options: PlantOptions): Promise<Plant> {
  const { startBroker, protocol = 'auto', spec = TEST_SPEC } = options;
  const folder = await mkdtemp(join(tmpdir(), 'dandan-plant-'));
  const made = await createTestBundle({ telemetry: spec, thresholds: [0.8, 0.8] });
  const broker = await startBroker();
  const edge = await startEdgeServer(made);
  const probe = await startProbe(broker.url);
  const portOf = (url: string) => Number(new URL(url).port);
  const cables = options.cables
    ? {
        broker: await startTcpProxy(portOf(broker.url)),
        edge: await startTcpProxy(portOf(edge.url)),
      }
    : undefined;
  const through = (url: string, cable: TcpProxy | undefined) =>
    cable === undefined ? url : `${new URL(url).protocol}//127.0.0.1:${cable.port}`;
  const configFile = join(folder, 'gateway.yaml');
  const config = {
    ...TEST_SITE,
    broker: { url: through(broker.url, cables?.broker), protocol, willDelaySeconds: 0 },
    edge: {
      url: through(edge.url, cables?.edge),
      keyEnv: 'TEST_EDGE_KEY',
      // On a loaded machine half a second is not enough for an edge that works.
      timeoutMs: 2000,
      batchRows: 16,
      batchDelayMs: 5,
      retryMinMs: 50,
      retryMaxMs: 100,
    },
    models: [{ file: 'model.safetensors', stages: 1 }],
    data: 'data',
    journal: { commitDelayMs: 1 },
    // This plant's edge answers escalations alone.
    edgeReport: { enabled: false },
    metricsIntervalMs: 50,
    ...options.config,
  };
  await writeFile(join(folder, 'model.safetensors'), made.bytes);
  await writeFile(configFile, stringify(config));
  const running = new Set<ChildProcess>();

  function spawnProgram(...args: string[]): GatewayProcess {
    const started = spawnGateway(args, { TEST_EDGE_KEY: EDGE_KEY });
    running.add(started.child);
    started.exit.then(() => running.delete(started.child));
    return started;
  }

  return {
    made,
    spec,
    broker,
    edge,
    probe,
    cables,
    configFile,
    spawn: spawnProgram,
    async start() {
      const gateway = spawnProgram('run', '--config', configFile, '--json');
      await poll('the gateway', () => {
        if (gateway.child.exitCode !== null) throw new Error(`It stopped: ${gateway.err()}`);
        return gateway.err().includes('"gateway-ready"');
      });
      return gateway;
    },
    async stop(gateway) {
      gateway.child.kill('SIGTERM');
      const code = await gateway.exit;
      if (code !== 0) throw new Error(`The gateway ended with ${code}: ${gateway.err()}`);
      return JSON.parse(gateway.out().trim().split('\n').at(-1) ?? '') as GatewayMetrics;
    },
    async dispose() {
      for (const child of running) child.kill('SIGKILL');
      await probe.close();
      await cables?.broker.close();
      await cables?.edge.close();
      await edge.stop();
      await broker.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
