// What the sets hold, found out by workers so that no graph stays in the main process,
// and remembered as long as the files do not change.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ErrorCode, InputError } from '@dandan/shared/error';
import { writeFileAtomic } from '../run/write-file-atomic.ts';
import type { SetPath } from './find-sets.ts';
import { isSimulated } from './load-graph.ts';
import type { Failure, Task } from './messages.ts';
import type { DescribedSet } from './plan.ts';
import { runTasks } from './worker-pool.ts';

export interface DescribeSetsOptions {
  readonly sets: readonly SetPath[];
  /** File that remembers descriptions. */
  readonly memory: string;
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
}

/** Names, sizes and times of all files of a set; `undefined` for one that is in no file. */
async function fingerprint(path: string): Promise<string | undefined> {
  if (isSimulated(path)) return undefined;
  const top = await stat(path);
  const files = top.isDirectory() ? await readdir(path, { recursive: true }) : [''];
  const parts = await Promise.all(
    files.sort().map(async (file) => {
      const { size, mtimeMs } = await stat(join(path, file));
      return `${file} ${size} ${mtimeMs}`;
    }),
  );
  return parts.join('\n');
}

interface Remembered {
  readonly fingerprint: string;
  readonly described: Omit<DescribedSet, 'name' | 'path'>;
}

async function readMemory(file: string): Promise<Record<string, Remembered>> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return {};
  }
}

/** A worker's failure as the error it was. */
export function errorOf({ code, message, field, allowed }: Failure): Error {
  if (code === 'internal' || code === 'worker-ended') return new Error(message);
  return new InputError(code as ErrorCode, message, { field, allowed });
}

/**
 * Describes the sets, smallest first.
 *
 * @throws {InputError} when a set cannot be read.
 */
export async function describeSets(options: DescribeSetsOptions): Promise<DescribedSet[]> {
  const { sets, memory, workers, signal } = options;
  const remembered = await readMemory(memory);
  const now = new Map<string, string | undefined>();
  for (const { path } of sets) now.set(path, await fingerprint(path));
  const unknown = sets.filter(({ path }) => {
    const files = now.get(path);
    return files === undefined || remembered[path]?.fingerprint !== files;
  });
  const tasks: Task[] = unknown.map(({ path }) => ({ kind: 'describe', path }));
  const failures: Failure[] = [];
  await runTasks({
    workers: Math.min(workers, tasks.length),
    next: () => tasks.shift(),
    onReply({ path }, reply) {
      if (reply.kind === 'done' && reply.failure) failures.push(reply.failure);
      if (reply.kind !== 'described') return;
      const { kind: _, ...described } = reply;
      remembered[path] = { fingerprint: now.get(path) ?? '', described };
    },
    onCrash: (_, failure) => failures.push(failure),
    signal,
  });
  if (failures.length > 0) throw errorOf(failures[0]);
  if (unknown.length > 0) await writeFileAtomic(memory, `${JSON.stringify(remembered)}\n`);
  return sets
    .map(({ name, path }) => ({ name, path, ...remembered[path].described }))
    .sort((a, b) => a.nodes - b.nodes);
}
