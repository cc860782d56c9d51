// Table 4's times: measured on this machine, one set at a time and nothing beside it, and
// kept with the results until measured afresh.
import { readdir, readFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from '../run/write-file-atomic.ts';
import { codeVersion } from './code-version.ts';
import { errorOf } from './describe-sets.ts';
import type { Failure, Task } from './messages.ts';
import type { PlanRequest } from './plan.ts';
import { runTasks } from './worker-pool.ts';

const ENDING = '.inference.json';

export interface InferenceTimes {
  readonly set: string;
  readonly teacher: string;
  /** Nodes that one time is for. */
  readonly nodes: number;
  readonly machine: string;
  readonly codeVersion: string;
  /** Median of one thread for all nodes, by method. */
  readonly milliseconds: Readonly<Record<string, number>>;
}

/** All times in the folder of a table. */
export async function readInferenceTimes(dir: string): Promise<InferenceTimes[]> {
  const names = (await readdir(dir).catch(() => [])).filter((name) => name.endsWith(ENDING));
  return Promise.all(
    names.sort().map(async (name) => JSON.parse(await readFile(join(dir, name), 'utf8'))),
  );
}

export interface TimeInferenceOptions {
  readonly request: PlanRequest;
  readonly dir: string;
  /** Measures again what was measured. */
  readonly fresh: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** @throws {InputError} when a set cannot be read; the signal's reason when aborted. */
export async function timeInference(given: TimeInferenceOptions): Promise<void> {
  const { request, dir, fresh, signal } = given;
  const { sets, teachers, methods, recommended } = request;
  const known = fresh ? [] : await readInferenceTimes(dir);
  const places = sets.flatMap((set) => teachers.map((teacher) => ({ set, teacher })));
  const open = places.filter(({ set, teacher }) => {
    const times = known.find((one) => one.set === set.name && one.teacher === teacher);
    return !methods.every((method) => times?.milliseconds[method] !== undefined);
  });
  const tasks = new Map<Task, (typeof open)[number]>(
    open.map((place) => {
      const { set, teacher } = place;
      const options = recommended.optionsFor(set.name, teacher);
      return [{ kind: 'inference', path: set.path, options, methods }, place];
    }),
  );
  const waiting = [...tasks.keys()];
  const failures: Failure[] = [];
  const [cpu] = cpus();
  await runTasks({
    // Times of two at once would be those of neither.
    workers: 1,
    next: () => waiting.shift(),
    async onReply(task, reply) {
      if (reply.kind === 'done' && reply.failure) failures.push(reply.failure);
      const place = tasks.get(task);
      if (reply.kind !== 'inference' || !place) return;
      const { set, teacher } = place;
      const times: InferenceTimes = {
        set: set.name,
        teacher,
        nodes: set.nodes,
        machine: `${cpu?.model.trim() ?? process.arch}, ${availableParallelism()} cores, one thread`,
        codeVersion: codeVersion(),
        milliseconds: reply.milliseconds,
      };
      const path = join(dir, `${set.name}.${teacher}${ENDING}`);
      await writeFileAtomic(path, `${JSON.stringify(times, null, 2)}\n`);
    },
    onCrash: (_, failure) => failures.push(failure),
    signal,
  });
  if (failures.length > 0) throw errorOf(failures[0]);
}
