// `dandan-edge serve` as a process of its own, as a service manager would run it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';

const BIN = fileURLToPath(new URL('../../bin/dandan-edge.js', import.meta.url));

/** Building takes two seconds alone and longer beside other tests. */
const START_MS = 60_000;

export interface Entry {
  readonly level: string;
  readonly event: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

export interface EdgeProcess {
  readonly child: ChildProcess;
  readonly url: string;
  readonly log: readonly Entry[];
  /** The entry of an event that was said or will be. */
  said(event: string): Promise<Entry>;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

export interface EdgeProcessOptions {
  readonly data: string;
  readonly port?: number;
  readonly arguments?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export const temporaryFolder = () => mkdtemp(join(tmpdir(), 'dandan-edge-'));

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, 'close');
  return port;
}

export async function startEdge(options: EdgeProcessOptions): Promise<EdgeProcess> {
  const { data, port = await freePort() } = options;
  const words = ['serve', '--data', data, '--port', String(port), '--json'];
  const { OPERATOR_KEY: _, ...env } = process.env;
  const child = spawn(process.execPath, [BIN, ...words, ...(options.arguments ?? [])], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...env, ...options.env },
  });
  const log: Entry[] = [];
  // Node's own warnings, e.g. of a socket that broke twice, go to the same stream.
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.startsWith('{')) log.push(JSON.parse(line));
  });
  const ended = once(child, 'close').then(([code, signal]) => (signal ?? code) as number | string);
  return {
    child,
    url: `http://127.0.0.1:${port}`,
    log,
    ended,
    said: (event) =>
      vi.waitFor(
        () => {
          const entry = log.find((each) => each.event === event);
          if (entry === undefined) throw new Error(`no ${event} in ${JSON.stringify(log)}`);
          return entry;
        },
        { timeout: START_MS, interval: 20 },
      ),
  };
}

/** Whether a process runs; one that only waits to be taken note of does not. */
export function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/\) [ZX]/.test(stat);
  } catch {
    return false;
  }
}
