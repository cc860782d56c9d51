// A job from a request: its bundle is looked up once, so that a later promotion does not mix bundles.
import { InputError } from '@dandan/shared/error';
import { knownGood } from '@dandan/shared/release';
import type { Caller } from '../auth/scope.ts';
import { findRelease } from '../inference/load-cascade.ts';
import { EdgeError } from '../problem/edge-error.ts';
import { createBundleStore } from '../registry/bundle-store.ts';
import { bundleUnknown } from '../registry/unknown.ts';
import type { JobRow } from './job.ts';
import { type JobContext, nowOf } from './job-context.ts';
import { sendMessages } from './job-message.ts';
import type { JobRequest } from './job-schemas.ts';
import { createJobStore, type NewJob } from './store/job-store.ts';

export interface CreateJobOptions {
  readonly request: JobRequest;
  /** A job with this id that has the same request is the same job. */
  readonly id: string;
  readonly caller: Caller;
}

/** A night's rows are no place to try a release: while it is a canary, the bundle before it answers. */
async function goodBundle({ env }: JobContext, { model, channel }: JobRequest): Promise<string> {
  const release = await findRelease({ env, model, channel });
  return knownGood(release) ?? release.bundle;
}

async function checkBundle(context: JobContext, request: JobRequest): Promise<string> {
  const { env } = context;
  const { model, maxStage } = request;
  const sha256 = request.bundle ?? (await goodBundle(context, request));
  const store = createBundleStore({ database: env.REGISTRY, bucket: env.BUNDLES });
  const record = await store.find(model, sha256);
  if (record === undefined) throw bundleUnknown(model, sha256);
  if (maxStage !== undefined && maxStage > record.stages) {
    throw new InputError('stage-out-of-range', `The bundle has no stage ${maxStage}`, {
      field: 'maxStage',
      value: maxStage,
      allowed: `1..${record.stages}`,
    });
  }
  return sha256;
}

function newJob({ request, id }: CreateJobOptions, bundle: string): NewJob {
  const { model, policy, maxStage, input, format, results, profile } = request;
  return {
    id,
    request: JSON.stringify(request),
    model,
    bundle,
    policy,
    max_stage: maxStage ?? null,
    input,
    format: format ?? null,
    results: [...new Set(results)].join(','),
    profile,
  };
}

/**
 * Makes a job and sends its first step.
 *
 * @returns the job, and whether this call made it.
 * @throws {EdgeError} `idempotency-key-reused`, `model-unknown`, `channel-unknown`, `bundle-unknown`;
 * {InputError} `stage-out-of-range`.
 */
export async function createJob(
  context: JobContext,
  options: CreateJobOptions,
): Promise<{ readonly job: JobRow; readonly created: boolean }> {
  const { id, request, caller } = options;
  const { REGISTRY: database, JOBS: queue } = context.env;
  const store = createJobStore(database);
  const known = await store.find(id);
  const created =
    known === undefined &&
    (await store.create(
      newJob(options, await checkBundle(context, request)),
      caller,
      new Date(nowOf(context)),
    ));
  const job = known ?? (await store.find(id));
  if (job === undefined) throw new Error('D1 has no row of a job that it took');
  if (job.request !== JSON.stringify(request)) {
    throw new EdgeError('idempotency-key-reused', 'The key stands for a job with another request', {
      field: 'idempotency-key',
      value: job.id,
      allowed: 'the same request, or another key',
    });
  }
  // Also where the job was there: its first message may have been lost with the first answer.
  if (job.state === 'planning' && job.step === 0) await sendMessages(queue, [{ job: id, step: 0 }]);
  return { job, created };
}
