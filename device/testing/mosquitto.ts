// A real mosquitto with a configuration and folder of its own, on a free loopback port.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { TestBroker } from './broker.ts';
import { freePort } from './free-port.ts';
import { poll } from './poll.ts';

/** Another process may take the port between the probe and mosquitto's bind. */
const START_TRIES = 5;

function findMosquitto(): string | undefined {
  const folders = ['/usr/sbin', ...(process.env.PATH ?? '').split(delimiter)];
  return folders
    .map((folder) => join(folder, 'mosquitto'))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

const binary = findMosquitto();

/**
 * True when tests that need mosquitto cannot run: install Debian's `mosquitto`.
 * With DANDAN_REQUIRE_ALL=1 they run, and fail, instead.
 */
export const skipMosquitto = binary === undefined && process.env.DANDAN_REQUIRE_ALL !== '1';

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const finish = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });
}

export interface MosquittoOptions {
  /** More lines for its configuration. @default {[]} */
  readonly config?: readonly string[];
}

export async function startMosquitto(options: MosquittoOptions = {}): Promise<TestBroker> {
  if (binary === undefined) throw new Error('mosquitto is missing: apt-get install mosquitto');
  const program = binary;
  const folder = await mkdtemp(join(tmpdir(), 'dandan-mosquitto-'));
  const file = join(folder, 'mosquitto.conf');
  let child: ChildProcess | undefined;

  async function launch(port: number): Promise<boolean> {
    const lines = [`listener ${port} 127.0.0.1`, 'allow_anonymous true', 'persistence true'];
    lines.push(`persistence_location ${folder}/`, 'log_dest none');
    // Started as root it becomes another user, who may not write there: sessions would be lost.
    if (process.getuid?.() === 0) lines.push('user root');
    // The default drops what a reader on a loaded machine has not fetched after 1,000 messages.
    lines.push('max_queued_messages 0', ...(options.config ?? []));
    await writeFile(file, `${lines.join('\n')}\n`);
    const started = spawn(program, ['-c', file], { stdio: 'ignore' });
    child = started;
    return poll('mosquitto', async () => {
      if (started.exitCode !== null) return 'failed';
      return (await answers(port)) && 'up';
    }).then((outcome) => outcome === 'up');
  }

  async function stop(): Promise<void> {
    if (child === undefined || child.exitCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
    child = undefined;
  }

  let port = await freePort();
  for (let tries = 1; !(await launch(port)); tries++) {
    if (tries === START_TRIES) throw new Error('mosquitto does not start');
    port = await freePort();
  }
  return {
    url: `mqtt://127.0.0.1:${port}`,
    stop,
    async start() {
      if (!(await launch(port))) throw new Error(`mosquitto does not start again on ${port}`);
    },
    async dispose() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
