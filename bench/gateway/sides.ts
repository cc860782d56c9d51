// The two sides of the bench as processes on one core: the gateway as it is shipped, and the echo.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestBundle } from '@dandan/shared/testing';
import { bundleGateway } from '../../tools/gateway-package/bundle-gateway.ts';
import { SPEC } from './traffic.ts';

/** Broker and generator have the other cores. */
const CORE = '0';

export const SITE = 'bench';
export const GATEWAY = 'line-1';
export const PREFIX = `dandan/${SITE}/${GATEWAY}`;

/** Of its own: a broker keeps for each side what is sent while the other is measured. */
export const ECHO_PREFIX = 'echo';

const LAUNCHER = fileURLToPath(
  new URL('../../device/packaging/dandan-gateway.sh', import.meta.url),
);
const ECHO = fileURLToPath(new URL('./echo.ts', import.meta.url));

export interface Side {
  readonly name: string;
  /** Most memory it has had so far, MiB as `top` shows it. */
  peakMb(): Promise<number>;
  /** Milliseconds of processor time so far. */
  cpuMs(): Promise<number>;
  stop(): Promise<void>;
}

const TICKS_PER_SECOND = 100;

async function start(name: string, args: readonly string[], ready: string): Promise<Side> {
  const child: ChildProcess = spawn('taskset', ['-c', CORE, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, DANDAN_BENCH_KEY: 'unused', NODE_OPTIONS: '' },
  });
  let text = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk) => {
      text += chunk;
      if (text.includes(ready)) resolve();
    });
    child.once('exit', () => reject(new Error(`${name} ended: ${text}`)));
  });
  return {
    name,
    async peakMb() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
      return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
    },
    async cpuMs() {
      const fields = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1].split(' ');
      return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
    },
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}

export interface Program {
  readonly args: readonly string[];
}

/** The gateway as its package lays it out: launcher, Node, one file; and a configuration for it. */
export async function prepareGateway(folder: string, url: string): Promise<Program> {
  const program = join(folder, 'bin/dandan-gateway');
  const config = join(folder, 'gateway.yaml');
  await mkdir(join(folder, 'bin'), { recursive: true });
  await mkdir(join(folder, 'lib'));
  await copyFile(LAUNCHER, program);
  await symlink(process.execPath, join(folder, 'bin/node'));
  await writeFile(join(folder, 'lib/dandan-gateway.mjs'), (await bundleGateway()).code);
  const { bytes } = await createTestBundle({ telemetry: SPEC, units: [32, 64] });
  await writeFile(join(folder, 'model.safetensors'), bytes);
  const settings = {
    site: SITE,
    gateway: GATEWAY,
    broker: { url },
    data: 'data',
    // Nobody listens there, and nobody is asked: both stages run here.
    edge: { url: 'http://127.0.0.1:9', keyEnv: 'DANDAN_BENCH_KEY' },
    edgeReport: { enabled: false },
    models: [{ file: 'model.safetensors', stages: 'all' }],
  };
  await writeFile(config, JSON.stringify(settings));
  return { args: ['sh', program, 'run', '--config', config] };
}

export const startGateway = ({ args }: Program): Promise<Side> =>
  start('gateway', args, 'gateway-ready');

export const startEcho = (url: string): Promise<Side> =>
  start('echo', [process.execPath, ECHO, url, ECHO_PREFIX], 'ready');
