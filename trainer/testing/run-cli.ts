// Runs the real command line `dandan` as a process of its own, for tests.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const BINARY = fileURLToPath(new URL('../bin/dandan.js', import.meta.url));

/** A run that hangs must not outlive its test by much. */
const LIMIT_MS = 60_000;

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of stdout as JSON; `undefined` when stdout is empty. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Gets the process as soon as it runs, e.g. to send it a signal, and its stderr so far. */
  onStart?(child: ChildProcess, stderr: () => string): Promise<void>;
}

function lastLine(stdout: string): CliResult['json'] {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  return line.startsWith('{') ? JSON.parse(line) : undefined;
}

/** Runs `dandan` with `args` to its end. */
export async function runCli(
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  const { DANDAN_OPERATOR_KEY: _, ...env } = process.env;
  const child = spawn(process.execPath, [BINARY, ...args], {
    env: { ...env, NO_COLOR: '1', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = once(child, 'close');
  await options.onStart?.(child, () => stderr);
  const [code] = (await closed) as [number | null];
  return { code, stdout, stderr, json: lastLine(stdout) };
}
