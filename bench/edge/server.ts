// A server to load: `dandan-edge serve` as a plant runs it, with any Worker.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../trainer/demo/free-port.ts';

const BIN = fileURLToPath(new URL('../../edge/bin/dandan-edge.js', import.meta.url));

/** Linux counts a process's time in hundredths of a second (`getconf CLK_TCK`). */
const TICKS = 100;

export interface Server {
  readonly port: number;
  readonly operatorKey: string;
  /** Processor seconds that workerd has taken so far, all threads and the kernel's work for it. */
  cpu(): Promise<number>;
  stop(): Promise<void>;
}

async function processorSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name, in brackets, may hold spaces; utime and stime are the 12th and 13th field after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** @param config a wrangler.toml. @throws {Error} with what the program said. */
export async function startServer(folder: string, config?: string): Promise<Server> {
  const port = await freePort();
  const words = ['serve', '--data', folder, '--port', String(port), '--json'];
  const child = spawn(process.execPath, [BIN, ...words, ...(config ? ['--config', config] : [])], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines = createInterface({ input: child.stderr });
  const pid = await new Promise<number>((resolve, reject) => {
    lines.on('line', (line) => {
      const entry = JSON.parse(line) as { event: string; message: string; workerd?: number };
      if (entry.event === 'ready' && entry.workerd) resolve(entry.workerd);
      if (entry.event === 'failed') reject(new Error(entry.message));
    });
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}`)));
  });
  return {
    port,
    operatorKey: (await readFile(join(folder, 'operator-key'), 'utf8')).trim(),
    cpu: () => processorSeconds(pid),
    async stop() {
      const ended = once(child, 'exit');
      if (child.exitCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}
