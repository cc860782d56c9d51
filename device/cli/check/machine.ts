// What the machine must bring: memory, a free port, a Node that is new enough.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { freemem, totalmem } from 'node:os';
import { CheckFailure, type Finding } from '../check-failure.ts';

const MEGABYTE = 1_000_000;

export interface MemoryCheckOptions {
  /** What the gateway will need with this configuration. */
  readonly neededBytes: number;
  /** What it may use. @default {the limit of its control group, else all of the machine's} */
  readonly limitBytes?: number;
  /** @default {what is free now} */
  readonly freeBytes?: number;
}

function limitOf(): number {
  const constrained = process.constrainedMemory();
  // Without a limit the kernel gives a number larger than any machine.
  return constrained > 0 && constrained < totalmem() ? constrained : totalmem();
}

/** @throws {CheckFailure} */
export async function checkMemory(options: MemoryCheckOptions): Promise<Finding> {
  const { neededBytes, limitBytes = limitOf(), freeBytes = freemem() } = options;
  const words = `${Math.round(neededBytes / MEGABYTE)} MB needed at most`;
  const detail = `${words}, ${Math.round(limitBytes / MEGABYTE)} MB allowed`;
  if (neededBytes > limitBytes) {
    throw new CheckFailure(
      detail,
      'raise MemoryMax of the service, or run fewer or smaller models',
    );
  }
  if (neededBytes <= Math.min(freeBytes, limitBytes)) return { detail };
  const free = `${Math.round(freeBytes / MEGABYTE)} MB free now`;
  return { detail: `${detail}, ${free}`, warning: 'end other programs, or add memory' };
}

export interface PortCheckOptions {
  readonly host: string;
  readonly port: number;
  /** The setting that names it, for the fix. */
  readonly field: string;
}

/** @throws {CheckFailure} */
export async function checkPort({ host, port, field }: PortCheckOptions): Promise<Finding> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const taken = code === 'EADDRINUSE';
    throw new CheckFailure(
      `${host}:${port} ${taken ? 'is taken' : `cannot be used: ${code}`}`,
      taken
        ? `stop what listens there (the gateway itself?), or give ${field} another port`
        : `give ${field} an address of this machine and a port above 1023`,
    );
  }
  server.close();
  await once(server, 'close');
  return { detail: `${host}:${port} is free` };
}

export interface NodeCheckOptions {
  /** @default {this Node's} */
  readonly version?: string;
}

/** Node 24 is kept up to date until April 2028; 22.18 is the first that runs TypeScript. */
const NEEDED = [22, 18] as const;
const PREFERRED_MAJOR = 24;

/** @throws {CheckFailure} */
export async function checkNode(options: NodeCheckOptions = {}): Promise<Finding> {
  const { version = process.versions.node } = options;
  const [major, minor] = version.split('.').map(Number);
  const detail = `Node ${version}`;
  if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
    throw new CheckFailure(detail, `install Node ${PREFERRED_MAJOR}, or the gateway's own package`);
  }
  if (major >= PREFERRED_MAJOR) return { detail };
  return { detail, warning: `Node ${PREFERRED_MAJOR} is what is tested` };
}
