import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadData } from '../data/load-data.ts';
import { noCheckpoint } from '../run/checkpoint.ts';
import { silentProgress } from '../run/progress.ts';
import { DEFAULTS, type TrainOptions } from '../run/train-options.ts';
import { alive } from '../testing/alive.ts';
import { createClusterGraph } from '../testing/cluster-graph.ts';
import { poll } from '../testing/poll.ts';
import { temporaryFolder, writeGraphFolder } from '../testing/temporary-folder.ts';
import { runTrial } from './run-trial.ts';
import type { Job, JobResult } from './worker-messages.ts';
import { createWorkerPool } from './worker-pool.ts';

const options = (more: Partial<TrainOptions> = {}): TrainOptions => ({
  ...DEFAULTS,
  widths: [4, 8],
  setting: 'tran',
  teacherHidden: 8,
  teacherMaxEpochs: 15,
  student: { ...DEFAULTS.student, maxEpochs: 15 },
  ...more,
});

const job = (trial: number, more?: Partial<TrainOptions>, stages = 1): Job => ({
  trial,
  stages,
  runs: [options(more)],
});

async function setUp() {
  const dir = await temporaryFolder();
  await writeGraphFolder(dir, createClusterGraph());
  return {
    source: { data: dir },
    device: 'cpu' as const,
    threads: 1,
    folder: join(dir, 'checkpoint'),
    key: 'k',
  };
}

async function runAll(
  pool: ReturnType<typeof createWorkerPool>,
  jobs: readonly Job[],
  onStart?: (job: Job) => void,
) {
  const results = new Map<number | undefined, JobResult>();
  await pool.run(jobs, {
    ...(onStart && { onStart }),
    onResult: async ({ trial }, result) => {
      results.set(trial, result);
    },
  });
  return results;
}

test('run() gives the scores of trials run here, with one worker and with three', async () => {
  const setup = await setUp();
  const { graph, split } = await loadData({ ...setup.source, seed: 1 });
  const jobs = [0.1, 0.3, 0.5, 0.7].map((dropout, trial) => job(trial, { dropout }, 2));
  const expected = await Promise.all(
    jobs.map(({ runs }) =>
      runTrial({
        graph,
        split,
        options: runs[0],
        stages: 2,
        checkpoint: noCheckpoint,
        progress: silentProgress,
      }),
    ),
  );
  for (const workers of [1, 3]) {
    await using pool = createWorkerPool({
      workers,
      setup: { ...setup, folder: join(setup.folder, String(workers)) },
    });
    const results = await runAll(pool, jobs);
    expect(jobs.map(({ trial }) => results.get(trial))).toEqual(
      expected.map((score) => ({ kind: 'scored', score, seconds: expect.any(Number) })),
    );
  }
});

test('run() takes the mean over the seeds of a job', async () => {
  const setup = await setUp();
  await using pool = createWorkerPool({ workers: 1, setup });
  const [a, b] = [options({ seed: 1 }), options({ seed: 2 })];
  const jobs = [[a], [b], [a, b]].map((runs, trial) => ({ trial, stages: 1, runs }));
  const results = await runAll(pool, jobs);
  const [one, two, both] = jobs.map(({ trial }) => {
    const result = results.get(trial);
    return result?.kind === 'scored' ? result.score : { accuracy: Number.NaN, loss: Number.NaN };
  });
  expect(one).not.toEqual(two);
  expect(both.accuracy).toBeCloseTo((one.accuracy + two.accuracy) / 2, 12);
  expect(both.loss).toBeCloseTo((one.loss + two.loss) / 2, 12);
});

test('run() makes an error one failed job with its code', async () => {
  const setup = await setUp();
  await using pool = createWorkerPool({ workers: 1, setup });
  const student = { ...DEFAULTS.student, learningRate: 1e30, maxEpochs: 50 };
  const results = await runAll(pool, [job(0, { student }), job(1)]);
  expect(results.get(0)).toMatchObject({ kind: 'failed', code: 'training-diverged' });
  expect(results.get(1)).toMatchObject({ kind: 'scored' });
});

/** A job that only a signal ends. */
const endless = (trial: number) =>
  job(trial, { student: { ...DEFAULTS.student, maxEpochs: 1e6, patience: 1e6 } });

/** Kills the pool's next `times` processes, each as soon as it is there. */
async function killNext(pool: ReturnType<typeof createWorkerPool>, times: number) {
  const killed = new Set<number>();
  for (let time = 0; time < times; time++) {
    await poll('a worker', () => pool.pids().some((pid) => !killed.has(pid)));
    const pid = pool.pids().find((candidate) => !killed.has(candidate)) as number;
    killed.add(pid);
    process.kill(pid, 'SIGKILL');
  }
}

test('run() tries a job whose process was killed once more in a new one', async () => {
  await using pool = createWorkerPool({ workers: 1, setup: await setUp() });
  const [results] = await Promise.all([runAll(pool, [job(0), job(1)]), killNext(pool, 1)]);
  expect(results.get(0)).toMatchObject({ kind: 'scored' });
  expect(results.get(1)).toMatchObject({ kind: 'scored' });
});

test('run() gives up a job that ends two processes, and goes on with the next', async () => {
  await using pool = createWorkerPool({ workers: 1, setup: await setUp() });
  const [results] = await Promise.all([runAll(pool, [endless(0), job(1)]), killNext(pool, 2)]);
  expect(results.get(0)).toMatchObject({
    kind: 'failed',
    code: 'worker-crashed',
    message: expect.stringContaining('SIGKILL'),
  });
  expect(results.get(1)).toMatchObject({ kind: 'scored' });
});

test('run() throws the reason of an abort, and disposing leaves no process', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  let workers: readonly number[] = [];
  {
    await using pool = createWorkerPool({
      workers: 2,
      setup: await setUp(),
      signal: controller.signal,
    });
    const running = runAll(pool, [endless(0), endless(1)]);
    workers = pool.pids();
    expect(workers.filter(alive)).toHaveLength(2);
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
  }
  expect(workers.filter(alive)).toEqual([]);
});
