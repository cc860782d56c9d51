// A worker process of a search: trains one job after the other. It is a process, not a
// thread, because a crash or a lack of memory must cost one trial, not the search.
import { InputError } from '@dandan/shared/error';
import { type ChosenEngine, chooseEngine } from '../autodiff/device/choose-engine.ts';
import { type LoadedData, loadData } from '../data/load-data.ts';
import { type Progress, silentProgress } from '../run/progress.ts';
import { readTeacherLogits } from '../teacher/file/read-teacher-logits.ts';
import { runTrial } from './run-trial.ts';
import type { Score } from './score-stages.ts';
import { trialCheckpoint } from './trial-checkpoint.ts';
import type { Job, JobResult, ToWorker, WorkerSetup } from './worker-messages.ts';

/** Ctrl-C reaches the whole process group; only the search decides what it means. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(1));

/** Training may keep the event loop from noticing that the search was killed. */
const parent = process.ppid;
const progress: Progress = {
  ...silentProgress,
  epoch() {
    if (process.ppid !== parent) process.exit(1);
  },
};

interface WorkerData {
  readonly loaded: LoadedData;
  readonly teacherLogits: Float32Array | undefined;
}

async function readData({ source, teacherLogits: path }: WorkerSetup, seed: number) {
  const loaded = await loadData({ ...source, seed });
  const { adjacency, classes } = loaded.graph;
  const of = { nodeCount: adjacency.nodeCount, classes: classes.length };
  const given = path === undefined ? undefined : await readTeacherLogits({ path, ...of });
  return { loaded, teacherLogits: given?.logits };
}

const bySeed = new Map<number, Promise<WorkerData>>();

function dataOf(setup: WorkerSetup, seed: number): Promise<WorkerData> {
  const known = bySeed.get(seed) ?? readData(setup, seed);
  bySeed.set(seed, known);
  return known;
}

let engine: Promise<ChosenEngine> | undefined;

function engineOf({ device, threads }: WorkerSetup): Promise<ChosenEngine> {
  engine ??= chooseEngine({ device, threads });
  return engine;
}

const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

async function train(setup: WorkerSetup, { trial, stages, runs }: Job): Promise<Score> {
  const { engine } = await engineOf(setup);
  const scores: Score[] = [];
  for (const options of runs) {
    const { loaded, teacherLogits } = await dataOf(setup, options.seed);
    const { graph, split } = loaded;
    const checkpoint = await trialCheckpoint({ ...setup, trial, options });
    const given = { graph, split, teacherLogits };
    const score = await runTrial({ ...given, options, stages, engine, checkpoint, progress });
    if (score) scores.push(score);
  }
  if (scores.length === 0) return { accuracy: 0, loss: 0 };
  return {
    accuracy: mean(scores.map(({ accuracy }) => accuracy)),
    loss: mean(scores.map(({ loss }) => loss)),
  };
}

async function answer(setup: WorkerSetup, job: Job): Promise<JobResult> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  try {
    return { kind: 'scored', score: await train(setup, job), seconds: seconds() };
  } catch (error) {
    const code = error instanceof InputError ? error.code : 'internal';
    return { kind: 'failed', code, message: String(error), seconds: seconds() };
  }
}

let setup: WorkerSetup | undefined;

process.on('message', async (message: ToWorker) => {
  if (message.kind === 'setup') {
    setup = message.setup;
    return;
  }
  if (!setup) throw new Error('A job before the setup');
  process.send?.(await answer(setup, message.job));
});
