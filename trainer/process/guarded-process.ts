// Child processes that cannot outlive this one: each leads a process group that is
// ended as a whole, also when this one crashes or is killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forgetGroup, guardGroup } from './guard.ts';
import { ProcessFailure } from './process-failure.ts';

export interface RunningProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** The last output, for error messages. */
  tail(): string;
  /** Aborts with a {@linkcode ProcessFailure} when the program ends. */
  readonly ended: AbortSignal;
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

/** The project's own programs come first, also for a caller whose PATH lacks them. */
const PROGRAMS = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));
const PATH = [PROGRAMS, process.env.PATH ?? ''].join(delimiter);

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
    env: { ...process.env, PATH, ...env },
    ...(cwd !== undefined && { cwd }),
    detached: true,
    stdio: ['ignore', 'pipe', showErrors ? 'inherit' : 'pipe'],
  });
  const { pid } = child;
  if (pid !== undefined) {
    groups.add(pid);
    guardGroup(pid);
  }
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-TAIL_CHARACTERS);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(`${name} could not start: ${error.message}`)));
  const tail = () => output.trim();
  const ended = new AbortController();
  const closed = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      ended.abort(new ProcessFailure(`${name} ended (${signal ?? `exit code ${code}`})`, tail()));
      resolve();
    });
  });
  return {
    child,
    tail,
    ended: ended.signal,
    async [Symbol.asyncDispose]() {
      if (pid === undefined) return;
      signalGroup(pid, 'SIGTERM');
      const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), STOP_MS);
      await closed;
      clearTimeout(timer);
      // The leader may be gone while a grandchild is not.
      signalGroup(pid, 'SIGKILL');
      groups.delete(pid);
      forgetGroup(pid);
    },
  };
}

/**
 * Runs a program to its end and returns its stdout.
 *
 * @throws {ProcessFailure} with the last output when it fails; the signal's reason when aborted.
 */
export async function runToEnd(options: StartOptions, signal: AbortSignal): Promise<string> {
  await using running = startProcess(options);
  const chunks: Buffer[] = [];
  running.child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = await once(running.child, 'close', { signal }).catch((error: Error) => {
    signal.throwIfAborted();
    throw new ProcessFailure(`${options.name} could not start: ${error.message}`, '');
  });
  if (code === 0) return Buffer.concat(chunks).toString();
  throw new ProcessFailure(`${options.name} failed with exit code ${code}`, running.tail());
}
