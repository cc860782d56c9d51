// workerd with Miniflare's D1, R2, queues and Durable Objects around a Worker.
import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  convertV4MiniflareOptions,
  Log,
  LogLevel,
  Miniflare,
  type V4WorkerOptions,
} from 'miniflare';
import type { Level } from './journal.ts';
import { ServeError } from './serve-error.ts';

/** Requests in flight when an edge is stopped have this long to end. */
const DRAIN_MS = 20_000;

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const STARTER = fileURLToPath(new URL('./workerd.sh', import.meta.url));

export interface RuntimeOptions {
  readonly workers: readonly V4WorkerOptions[];
  /** Folder of D1, R2 and Durable Objects. */
  readonly state: string;
  /** Folder for what need not be kept; only this user may enter it. */
  readonly temporary: string;
  /** Whether `miniflare` itself can be asked, by which every bucket can be read; else only its Workers. */
  readonly open: boolean;
  readonly log: (level: Level, text: string) => void;
}

export interface Runtime {
  readonly miniflare: Miniflare;
  readonly pid: number;
  /** How workerd ended, in words; it is not started again. */
  readonly ended: Promise<string>;
  /** Takes no new connections, waits for requests in flight, ends. */
  stop(): Promise<void>;
}

class RuntimeLog extends Log {
  readonly #write: (level: Level, text: string) => void;

  constructor(write: (level: Level, text: string) => void) {
    super(LogLevel.WARN);
    this.#write = write;
  }

  override logWithLevel(level: LogLevel, message: string): void {
    if (level <= this.level) this.#write(level === LogLevel.ERROR ? 'error' : 'warn', message);
  }
}

/** workerd's own words for levels. */
const levelOf = (level: string): Level => (level === 'error' || level === 'warn' ? level : 'info');

function findWorkerd(): string {
  const require = createRequire(import.meta.url);
  const { default: path } = createRequire(require.resolve('miniflare'))('workerd') as {
    default: string;
  };
  return path;
}

/** Calls `adopt` with workerd's process as soon as it runs. @returns ends the watch. */
function watchChildren(adopt: (child: ChildProcess) => void): () => void {
  const onChild = (message: unknown) => {
    const { process: child } = message as { readonly process: ChildProcess };
    child.once('spawn', () => {
      if (child.spawnfile === STARTER) adopt(child);
    });
  };
  subscribe('child_process', onChild);
  return () => unsubscribe('child_process', onChild);
}

/**
 * Runs `construct` without the handlers that it puts on signals: Miniflare's end the process at
 * once, with requests in flight.
 */
function withoutSignalHandlers<T>(construct: () => T): T {
  const before = SIGNALS.map((signal) => new Set(process.listeners(signal)));
  const made = construct();
  SIGNALS.forEach((signal, i) => {
    for (const listener of process.listeners(signal)) {
      if (!before[i].has(listener)) process.removeListener(signal, listener);
    }
  });
  return made;
}

function optionsFor({ workers, state, temporary, open, log }: RuntimeOptions) {
  return convertV4MiniflareOptions({
    workers: [...workers],
    host: '127.0.0.1',
    port: 0,
    // Otherwise Cloudflare is asked where this machine is.
    cf: false,
    logRequests: false,
    resourcePersistencePath: state,
    resourceTmpPath: temporary,
    log: new RuntimeLog(log),
    handleStructuredLogs: ({ level, message }) => log(levelOf(level), message),
    unsafeRuntimeEnv: {
      DANDAN_WORKERD: findWorkerd(),
      DANDAN_ENTRY_SOCKET: open ? '' : join(temporary, 'entry'),
    },
  });
}

/**
 * Starts workerd; one start at a time in a process.
 *
 * @throws {ServeError} `workerd-failed`.
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const exit = Promise.withResolvers<string>();
  let child: ChildProcess | undefined;
  let miniflare: Miniflare | undefined;
  const unwatch = watchChildren((started) => {
    child = started;
    started.once('exit', (code, signal) => {
      // Before Miniflare hears of it, which would start another.
      void miniflare?.dispose().catch(() => {});
      exit.resolve(signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
  });
  process.env.MINIFLARE_WORKERD_PATH = STARTER;
  try {
    miniflare = withoutSignalHandlers(() => new Miniflare(optionsFor(options)));
    await miniflare.ready;
  } catch (error) {
    await miniflare?.dispose().catch(() => {});
    const { message } = error as Error;
    const fix = 'see the lines above; run npm ci where workerd is missing';
    throw new ServeError('workerd-failed', `workerd did not start: ${message}`, fix, error);
  } finally {
    unwatch();
  }
  const { pid } = child ?? {};
  if (miniflare === undefined || pid === undefined) throw new Error('Miniflare started no workerd');
  const running = miniflare;
  return {
    miniflare: running,
    pid,
    ended: exit.promise,
    async stop() {
      const timer = setTimeout(() => child?.kill('SIGKILL'), DRAIN_MS);
      child?.kill('SIGTERM');
      await exit.promise;
      clearTimeout(timer);
      await running.dispose().catch(() => {});
    },
  };
}
