// A nightly job over a million rows, from start to the last byte of its results, and again under kills.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createRandom } from '@dandan/shared/random';
import { freePort } from '../../trainer/demo/free-port.ts';
import type { BenchContext, CaseFigures } from '../benchmark.ts';
import { summarise } from '../figures.ts';
import { type EdgeServer, startServer } from './edge-server.ts';
import {
  digest,
  finished,
  isActive,
  type JobView,
  prepare,
  resume,
  show,
  start,
} from './job-client.ts';

const ROWS = 1_000_000;

/** The acceptance of the project: US dollars for a million rows. */
const PRICE_LIMIT = 0.02;

const RESULTS = ['results.csv', 'results.parquet'] as const;

/** The last kills wait until results are put together, which is a small part of a job. */
const LATE_KILLS = 3;

/** Longest life then: a part of a result takes about as long. */
const LATE_LIFE_MS = 100;

const POLL_MS = 20;

type Profile = 'free' | 'paid';

interface Prepared extends AsyncDisposable {
  readonly data: string;
  readonly port: number;
  readonly input: string;
  server: EdgeServer;
}

/** An edge with the rows uploaded, its data in a folder of its own. */
async function open(context: BenchContext): Promise<Prepared> {
  const data = await mkdtemp(join(tmpdir(), 'dandan-nightly-'));
  const port = await freePort();
  let server = await startServer(data, port);
  context.line(`nightly: uploading ${ROWS.toLocaleString('en')} rows`);
  const input = await prepare(server.url, ROWS);
  return {
    data,
    port,
    input,
    get server() {
      return server;
    },
    set server(next) {
      server = next;
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function hashes(url: string, id: string): Promise<Record<string, string>> {
  const digests = RESULTS.map(async (file) => [file, (await digest(url, id, file)).sha256]);
  return Object.fromEntries(await Promise.all(digests));
}

interface Run {
  readonly job: JobView;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly hashes: Record<string, string>;
}

async function runOnce(prepared: Prepared, profile: Profile, signal: AbortSignal): Promise<Run> {
  const { server, input } = prepared;
  const cpuBefore = server.cpuSeconds();
  const begin = performance.now();
  const id = await start(server.url, input, profile);
  const job = await finished(server.url, id, signal);
  const seconds = (performance.now() - begin) / 1000;
  const cpuSeconds = server.cpuSeconds() - cpuBefore;
  return { job, seconds, cpuSeconds, hashes: await hashes(server.url, id) };
}

/** Time, processor time and price of a million rows under one profile. */
export async function measureProfile(
  context: BenchContext,
  profile: Profile,
): Promise<CaseFigures[]> {
  await using prepared = await open(context);
  const runs: Run[] = [];
  for (let i = 0; i < (context.repetitions ?? 1); i++) {
    runs.push(await runOnce(prepared, profile, context.signal));
    context.line(`nightly: ${runs[i].seconds.toFixed(1)} s on the ${profile} profile`);
  }
  const [{ job }] = runs;
  const figure = (name: string, unit: string, of: (run: Run) => number, notes: string[] = []) =>
    summarise({ name: `${name} ${profile}`, unit, ours: runs.map(of), notes });
  const price = job.price.perMillionRows;
  const within = price <= PRICE_LIMIT ? 'within' : 'ABOVE';
  return [
    summarise({
      name: `1m-rows ${profile}`,
      unit: 's',
      ours: runs.map(({ seconds }) => seconds),
      notes: ['from POST /v1/jobs to finished: CSV, Parquet and summary in R2; 64 features a row'],
      details: {
        hashes: runs[0].hashes,
        price: job.price,
        operations: job.operations,
        progress: job.progress,
        summary: job.summary,
      },
    }),
    figure('cpu', 's', ({ cpuSeconds }) => cpuSeconds, ['of workerd, D1, R2 and queue included']),
    figure('rate', 'rows/s', ({ seconds }) => ROWS / seconds),
    figure('price', 'USD/million rows', () => price, [
      `at list prices, ${within} the limit of ${PRICE_LIMIT}; CPU as the job estimates it`,
    ]),
  ];
}

/** The job once its results are put together, or at its end. */
async function late(url: string, id: string, signal: AbortSignal): Promise<JobView> {
  for (;;) {
    const job = await show(url, id);
    if (!isActive(job) || job.state === 'assembling') return job;
    await delay(POLL_MS, undefined, { signal });
  }
}

/** Kills the edge `kills` times while a job runs; each start is followed by a resume. */
async function runKilled(
  prepared: Prepared,
  options: { readonly kills: number; readonly seconds: number; readonly signal: AbortSignal },
) {
  const { kills, seconds, signal } = options;
  const random = createRandom(11).fork('kills');
  const id = await start(prepared.server.url, prepared.input, 'paid');
  const states: string[] = [];
  const { url } = prepared.server;
  while (states.length < kills) {
    const killsLeft = kills - states.length;
    const early = killsLeft > LATE_KILLS;
    const { progress } = early ? await show(url, id) : await late(url, id, signal);
    // Lives of a random length: on average what is left over the kills that are left.
    const left = 1000 * seconds * (1 - progress.rowsDone / ROWS);
    const life = early ? (2 * left) / (killsLeft + 1) : LATE_LIFE_MS;
    await delay(random.next() * life, undefined, { signal });
    const job = await show(prepared.server.url, id);
    if (!isActive(job)) break;
    states.push(`${job.state} ${job.progress.rowsDone}`);
    await prepared.server.kill();
    prepared.server = await startServer(prepared.data, prepared.port);
    await resume(prepared.server.url, id);
  }
  const job = await finished(prepared.server.url, id, signal);
  return { job, states, hashes: await hashes(prepared.server.url, id) };
}

/** Whether a job whose process is killed gives the files of one that is left alone. */
export async function measureKills(context: BenchContext, kills: number): Promise<CaseFigures[]> {
  await using prepared = await open(context);
  const calm = await runOnce(prepared, 'paid', context.signal);
  context.line(`nightly: ${calm.seconds.toFixed(1)} s undisturbed`);
  const killed = await runKilled(prepared, {
    kills,
    seconds: calm.seconds,
    signal: context.signal,
  });
  const same = RESULTS.filter((file) => calm.hashes[file] === killed.hashes[file]);
  const figures = summarise({
    name: `killed ${kills} times`,
    unit: 'identical files of 2',
    ours: [same.length],
    notes: [`SIGKILL to the whole edge ${killed.states.length} times, at seeded random moments`],
    details: {
      hashes: calm.hashes,
      killedHashes: killed.hashes,
      killedAt: killed.states,
      operations: { calm: calm.job.operations, killed: killed.job.operations },
    },
  });
  const failed = same.length < RESULTS.length || killed.states.length < kills;
  return [failed ? { ...figures, failed: true } : figures];
}
