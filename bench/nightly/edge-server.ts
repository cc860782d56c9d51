// The edge as on one's own server, in a process group that a benchmark can kill at any moment.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { forgetGroup, guardGroup } from '../../trainer/process/guard.ts';

const BIN = fileURLToPath(new URL('../../edge/bin/dandan-edge.js', import.meta.url));

/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

export const OPERATOR_KEY = 'operator-key-of-the-benchmark';

export interface EdgeServer extends AsyncDisposable {
  readonly url: string;
  /** Seconds of processor time that workerd has taken. */
  cpuSeconds(): number;
  /** SIGKILL to everything of it at once, as a crash or the kernel would. */
  kill(): Promise<void>;
}

interface Entry {
  readonly event: string;
  readonly message: string;
  readonly url?: string;
  readonly workerd?: number;
}

/** user and system time are fields 14 and 15; the name before may hold spaces. */
function processorSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

async function ready(child: ChildProcess): Promise<Entry> {
  if (child.stderr === null) throw new Error('The edge has no stderr');
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    const entry = JSON.parse(line) as Entry;
    if (entry.event === 'ready') {
      child.stderr.resume();
      return entry;
    }
    said.push(entry.message);
  }
  throw new Error(`The edge did not start: ${said.join('; ')}`);
}

/** Serves the folder `data` on `port`, which must be free. */
export async function startServer(data: string, port: number): Promise<EdgeServer> {
  const words = ['serve', '--data', data, '--port', String(port), '--json'];
  const child = spawn(process.execPath, [BIN, ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    env: { ...process.env, OPERATOR_KEY },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('The edge could not be started');
  guardGroup(pid);
  const ended = once(child, 'close');
  const end = async (signal: NodeJS.Signals) => {
    try {
      process.kill(-pid, signal);
    } catch {
      // It has ended already.
    }
    await ended;
    forgetGroup(pid);
  };
  try {
    const { url, workerd } = await ready(child);
    if (url === undefined || workerd === undefined) throw new Error('The edge said no address');
    return {
      url,
      cpuSeconds: () => processorSeconds(workerd),
      kill: () => end('SIGKILL'),
      [Symbol.asyncDispose]: () => end('SIGTERM'),
    };
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
}
