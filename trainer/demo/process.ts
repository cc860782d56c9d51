// Child processes that cannot outlive the demo: each leads a process group that is
// ended as a whole, also when the demo itself crashes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface RunningProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** The last output, for error messages. */
  tail(): string;
}

export interface StartOptions {
  /** Name for people, e.g. "edge". */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Shows the child's stderr on ours, as for training progress. @default {false} */
  readonly showErrors?: boolean;
}

/** wrangler needs about a second to stop workerd; after five the group is killed. */
const STOP_MS = 5000;
/** Enough for an error and its cause; a talkative child must not fill the memory. */
const TAIL_CHARACTERS = 4000;

const groups = new Set<number>();

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

process.on('exit', () => {
  for (const pid of groups) signalGroup(pid, 'SIGKILL');
});

/** Starts a program in a process group of its own; disposing ends the whole group. */
export function startProcess(options: StartOptions): RunningProcess {
  const { name, command, args, env = {}, cwd, showErrors = false } = options;
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    ...(cwd !== undefined && { cwd }),
    detached: true,
    stdio: ['ignore', 'pipe', showErrors ? 'inherit' : 'pipe'],
  });
  const { pid } = child;
  if (pid !== undefined) groups.add(pid);
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-TAIL_CHARACTERS);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(`${name} could not start: ${error.message}`)));
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    child,
    tail: () => output.trim(),
    async [Symbol.asyncDispose]() {
      if (pid === undefined) return;
      signalGroup(pid, 'SIGTERM');
      const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), STOP_MS);
      await closed;
      clearTimeout(timer);
      // The leader may be gone while a grandchild is not.
      signalGroup(pid, 'SIGKILL');
      groups.delete(pid);
    },
  };
}

/**
 * Runs a program to its end and returns its stdout.
 *
 * @throws {Error} with the last output when it fails; the signal's reason when aborted.
 */
export async function runToEnd(options: StartOptions, signal: AbortSignal): Promise<string> {
  await using running = startProcess(options);
  const chunks: Buffer[] = [];
  running.child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = await once(running.child, 'close', { signal }).catch((error) => {
    signal.throwIfAborted();
    throw error;
  });
  if (code === 0) return Buffer.concat(chunks).toString();
  throw new Error(`${options.name} failed with exit code ${code}:\n${running.tail()}`);
}
