// The facts without which a figure means nothing.
import { execFile } from 'node:child_process';
import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import packageJson from '../package.json' with { type: 'json' };

/** Above this share of busy cores before the first case, figures measure the neighbours too. */
const BUSY_SHARE = 0.25;

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly os: string;
  readonly node: string;
  /** Version of Dandan. */
  readonly dandan: string;
  /** Commit of the code that was measured, `+` when files were changed since. */
  readonly commit: string | null;
  /** ISO 8601, start of the benchmark. */
  readonly date: string;
  /** Mean number of busy cores in the minute before the start. */
  readonly loadBefore: number;
}

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('..', import.meta.url));

async function commit(): Promise<string | null> {
  try {
    const { stdout } = await run('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT });
    const changes = await run('git', ['status', '--porcelain', '--untracked-files=no'], {
      cwd: ROOT,
    });
    return `${stdout.trim()}${changes.stdout === '' ? '' : '+'}`;
  } catch {
    // No git, or an archive without history: the version remains.
    return null;
  }
}

export async function describeMachine(): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${release()} ${arch()}`,
    node: process.versions.node,
    dandan: packageJson.version,
    commit: await commit(),
    date: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    loadBefore: Math.round(loadavg()[0] * 100) / 100,
  };
}

/** A warning when the machine was not idle, else nothing. */
export function busyWarning({ loadBefore, cores }: Machine): string | undefined {
  if (loadBefore <= BUSY_SHARE * cores) return undefined;
  return `The machine was busy before the start (load ${loadBefore} on ${cores} cores): these figures are provisional.`;
}
