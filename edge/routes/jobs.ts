// Nightly jobs: started, watched, cancelled, resumed.
import { sha256Hex } from '@dandan/shared/bundle';
import { requireKey } from '../auth/require-key.ts';
import type { Caller } from '../auth/scope.ts';
import type { Bindings } from '../env.ts';
import { limitJson } from '../http/limit-json.ts';
import type { CascadeCache } from '../inference/cascade-cache.ts';
import { createJob } from '../jobs/create-job.ts';
import { sendMessages } from '../jobs/job-message.ts';
import {
  jobDetailSchema,
  jobHeaders,
  jobListSchema,
  jobParams,
  jobRequestSchema,
} from '../jobs/job-schemas.ts';
import { jobDetail, jobView } from '../jobs/job-view.ts';
import { createJobStore, MAX_LISTED_JOBS } from '../jobs/store/job-store.ts';
import { restartMessages } from '../jobs/sweep.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { EdgeError } from '../problem/edge-error.ts';

const detailJson = { 'application/json': { schema: jobDetailSchema } };
const operator = { security: keySecurity, middleware: [requireKey('operator')] } as const;

export const startJob = {
  method: 'post',
  path: '/v1/jobs',
  summary: 'Start a job: classify the rows of uploaded inputs',
  description:
    'The bundle is looked up now and stays. Rows are cut into chunks, answered from a queue and written as one CSV and one Parquet file. A repeated Idempotency-Key gives the job that it made. Needs scope operator.',
  security: keySecurity,
  middleware: [requireKey('operator'), limitJson],
  request: {
    headers: jobHeaders,
    body: { required: true, content: { 'application/json': { schema: jobRequestSchema } } },
  },
  responses: {
    200: { description: 'The key had made it already', content: detailJson },
    201: { description: 'Started', content: detailJson },
    ...guardedProblems(400, 404, 409, 413, 415, 422),
  },
} as const satisfies Route;

export const listJobs = {
  ...operator,
  method: 'get',
  path: '/v1/jobs',
  summary: 'List jobs',
  description: `Newest first, at most ${MAX_LISTED_JOBS}. Needs scope operator.`,
  responses: {
    200: { description: 'Jobs', content: { 'application/json': { schema: jobListSchema } } },
    ...guardedProblems(),
  },
} as const satisfies Route;

export const showJob = {
  ...operator,
  method: 'get',
  path: '/v1/jobs/{id}',
  summary: 'Show a job: progress, failures with their reasons, summary, price',
  request: { params: jobParams },
  responses: {
    200: { description: 'The job', content: detailJson },
    ...guardedProblems(404, 422),
  },
} as const satisfies Route;

export const cancelJob = {
  ...operator,
  method: 'post',
  path: '/v1/jobs/{id}/cancel',
  summary: 'Cancel a job and remove what it wrote',
  description: 'For good. A chunk that is being answered meanwhile changes nothing any more.',
  request: { params: jobParams },
  responses: {
    200: { description: 'The job', content: detailJson },
    ...guardedProblems(404, 409, 422),
  },
} as const satisfies Route;

export const resumeJob = {
  ...operator,
  method: 'post',
  path: '/v1/jobs/{id}/resume',
  summary: 'Resume a job: enqueue what is still to do, and try failed chunks again',
  description:
    'Safe at any time. A job that lost its messages goes on by itself after five minutes; this does not wait.',
  request: { params: jobParams },
  responses: {
    200: { description: 'The job', content: detailJson },
    ...guardedProblems(404, 409, 422),
  },
} as const satisfies Route;

/** A refusal for a job that nobody started. */
export const jobUnknown = (id: string) =>
  new EdgeError('job-unknown', 'There is no such job', {
    field: 'id',
    value: id,
    allowed: 'an id of GET /v1/jobs',
  });

async function detailOf(database: D1Database, id: string) {
  const store = createJobStore(database);
  const job = await store.find(id);
  if (job === undefined) throw jobUnknown(id);
  return jobDetail(job, job.chunks_dead > 0 ? await store.failures(id) : []);
}

async function jobEnded(database: D1Database, id: string, allowed: string): Promise<EdgeError> {
  const { state } = await detailOf(database, id);
  return new EdgeError('job-ended', `The job is ${state}`, { field: 'id', value: state, allowed });
}

/** Keys of different callers may be alike. */
async function jobIdOf(caller: Caller, key: string | undefined): Promise<string> {
  if (key === undefined) return crypto.randomUUID();
  const digest = await sha256Hex(new TextEncoder().encode(`${caller.id}\n${key}`));
  return `job-${digest.slice(0, 32)}`;
}

async function restart({ REGISTRY, JOBS }: Bindings, id: string): Promise<void> {
  const job = await createJobStore(REGISTRY).find(id);
  if (job !== undefined) await sendMessages(JOBS, restartMessages(job));
}

export function addJobRoutes(app: EdgeApp, cache: CascadeCache): void {
  app.add(startJob, async (c, valid) => {
    const { env } = c;
    const caller = c.get('caller');
    const id = await jobIdOf(caller, valid.headers['idempotency-key']);
    const made = await createJob({ env, cache }, { request: valid.json, id, caller });
    return c.json(jobDetail(made.job, []), made.created ? 201 : 200);
  });
  app.add(listJobs, async (c) => {
    const jobs = await createJobStore(c.env.REGISTRY).list();
    return c.json({ jobs: jobs.map(jobView) }, 200);
  });
  app.add(showJob, async (c, valid) =>
    c.json(await detailOf(c.env.REGISTRY, valid.params.id), 200, { 'cache-control': 'no-store' }),
  );
  app.add(cancelJob, async (c, valid) => {
    const { id } = valid.params;
    const database = c.env.REGISTRY;
    const done = await createJobStore(database).cancel(id, c.get('caller'), new Date());
    if (!done) throw await jobEnded(database, id, 'a job that has not ended');
    await restart(c.env, id);
    return c.json(await detailOf(database, id), 200);
  });
  app.add(resumeJob, async (c, valid) => {
    const { id } = valid.params;
    const database = c.env.REGISTRY;
    const done = await createJobStore(database).resume(id, c.get('caller'), new Date());
    if (!done) throw await jobEnded(database, id, 'a job that has something left to do');
    await restart(c.env, id);
    return c.json(await detailOf(database, id), 200);
  });
}
