// The gateway as its user starts it: `dandan-gateway run --config FILE`.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunningProcess, startProcess } from '../process/guarded-process.ts';

export interface GatewayOptions {
  readonly folder: string;
  readonly site: string;
  readonly gateway: string;
  readonly brokerUrl: string;
  readonly edgeUrl: string;
  /** Device key, handed over in the environment. */
  readonly edgeKey: string;
  readonly bundle: string;
  /** Stages the gateway runs itself. */
  readonly stages: number;
}

const KEY_VARIABLE = 'DANDAN_EDGE_KEY';

export async function startGateway(options: GatewayOptions): Promise<RunningProcess> {
  const config = {
    site: options.site,
    gateway: options.gateway,
    broker: { url: options.brokerUrl, protocol: 'auto' },
    edge: { url: options.edgeUrl, keyEnv: KEY_VARIABLE },
    models: [{ file: options.bundle, stages: options.stages }],
    data: join(options.folder, 'gateway'),
    metricsIntervalMs: 250,
    logLevel: 'warn',
  };
  const file = join(options.folder, 'gateway.yaml');
  // YAML 1.2 contains JSON.
  await writeFile(file, JSON.stringify(config, null, 2));
  return startProcess({
    name: 'gateway',
    command: 'dandan-gateway',
    args: ['run', '--config', file],
    env: { [KEY_VARIABLE]: options.edgeKey },
  });
}
