// PyTorch and PyTorch Geometric in a virtual environment of the project's own:
// present, or absent with the reason; never a failure.
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runToEnd } from '../../../trainer/process/guarded-process.ts';
import { ProcessFailure } from '../../../trainer/process/process-failure.ts';
import type { BenchContext } from '../../benchmark.ts';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));
const ENVIRONMENT = fileURLToPath(new URL('../../.venv', import.meta.url));
const PYTHON = join(ENVIRONMENT, 'bin', 'python');
const REQUIREMENTS = join(FOLDER, 'requirements.txt');
/** Hash of the requirements that were installed to the end. */
const STAMP = join(ENVIRONMENT, 'dandan-installed');

/** Without an index at hand pip gives up after seconds, not after its usual minutes. */
const PIP_PATIENCE = ['--retries', '1', '--timeout', '20'];

export interface PygVersions {
  readonly python: string;
  readonly torch: string;
  readonly pyg: string;
  readonly numpy: string;
  /** The most it may use; each case takes one or all, whichever is faster. */
  readonly threads: number;
}

export type Pyg =
  | {
      readonly kind: 'present';
      readonly versions: PygVersions;
      /** Runs one of the scripts beside this file on a task; returns the JSON of its last line. */
      run<T>(script: string, task: unknown, signal: AbortSignal): Promise<T>;
    }
  | { readonly kind: 'absent'; readonly reason: string };

/** What a failed program said last that looks like a reason. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof ProcessFailure)) return String(error);
  const lines = error.output.split('\n').filter((line) => line.trim() !== '');
  const named = lines.findLast((line) => /error|exception|killed|no such file/i.test(line));
  const said = (named ?? lines.at(-1) ?? '').trim();
  return said === '' ? error.message : `${error.message}: ${said}`;
}

async function isInstalled(digest: string): Promise<boolean> {
  return (await readFile(STAMP, 'utf8').catch(() => '')) === digest;
}

async function install({ line, signal }: BenchContext): Promise<void> {
  const digest = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex');
  if (await isInstalled(digest)) return;
  line('Installing PyTorch and PyTorch Geometric into bench/.venv: once, about 5 GB …');
  await rm(STAMP, { force: true });
  const create = ['-m', 'venv', ENVIRONMENT];
  await runToEnd({ name: 'python3 -m venv', command: 'python3', args: create }, signal);
  const args = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'];
  await runToEnd(
    { name: 'pip', command: PYTHON, args: [...args, ...PIP_PATIENCE, '-r', REQUIREMENTS] },
    signal,
  );
  await writeFile(STAMP, digest);
}

async function runScript<T>(script: string, task: unknown, signal: AbortSignal): Promise<T> {
  const args = ['-W', 'ignore', join(FOLDER, script), JSON.stringify(task)];
  const name = `the PyTorch Geometric peer (${script})`;
  const output = await runToEnd({ name, command: PYTHON, args }, signal);
  return JSON.parse(output.trim().split('\n').at(-1) ?? '');
}

/**
 * Makes the peer ready, installing it where it is not.
 *
 * @param threads for torch; the peer reports what it uses.
 * @throws the signal's reason when aborted; nothing else.
 */
export async function preparePyg(context: BenchContext, threads: number): Promise<Pyg> {
  const { signal, withPeers, line } = context;
  if (!withPeers) return { kind: 'absent', reason: 'peers were switched off by --no-peers' };
  try {
    await install(context);
    const versions = await runScript<PygVersions>('versions.py', { threads }, signal);
    return { kind: 'present', versions, run: runScript };
  } catch (error) {
    signal.throwIfAborted();
    const reason = `PyTorch Geometric is not at hand: ${reasonOf(error)}`;
    line(reason);
    return { kind: 'absent', reason };
  }
}
