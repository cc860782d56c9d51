// What `dandan job` does: uploads, waits, downloads.
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { InputError } from '@dandan/shared/error';
import type { Job, JobClient } from '../edge-client/job-client.ts';
import type { StartFlags } from './commands/job-flags.ts';
import { createJobView } from './terminal/job-view.ts';

const ACTIVE = ['planning', 'running', 'assembling'];

/** A row of D1 a second is nothing, and nobody reads faster. */
const POLL_MS = 1000;

/** As the platform bounds a request. */
const MAX_UPLOAD_BYTES = 100_000_000;

/** Polls until the job has ended; its progress is shown on stderr. */
export async function waitForJob(client: JobClient, id: string, signal: AbortSignal): Promise<Job> {
  using view = createJobView();
  for (;;) {
    const job = await client.show(id);
    view.show(job);
    if (!ACTIVE.includes(job.state)) return job;
    await delay(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

async function checkUpload(path: string): Promise<void> {
  const size = await stat(path).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  );
  if (size === undefined) {
    throw new InputError('data-missing', `Cannot read '${path}'`, {
      field: '--upload',
      value: path,
      allowed: 'a file',
    });
  }
  if (size <= MAX_UPLOAD_BYTES) return;
  throw new InputError('data-invalid', `'${path}' has ${size} bytes`, {
    field: '--upload',
    value: size,
    allowed: `at most ${MAX_UPLOAD_BYTES} bytes a file; a job reads several`,
  });
}

/** Uploads files under a prefix of their own; their order stays. */
async function uploadAll(client: JobClient, paths: readonly string[]): Promise<string> {
  for (const path of paths) await checkUpload(path);
  const prefix = `upload-${randomUUID()}/`;
  for (const [i, path] of paths.entries()) {
    const number = String(i).padStart(String(paths.length - 1).length, '0');
    const name = basename(path).replaceAll(/[^\w.-]/g, '_');
    await client.upload(`${prefix}${number}-${name}`, path);
  }
  return prefix;
}

async function inputOf(client: JobClient, { upload, input }: StartFlags): Promise<string> {
  if (upload !== undefined && input === undefined) return uploadAll(client, upload);
  if (input !== undefined && upload === undefined) return input;
  throw new InputError(
    'option-invalid',
    'A job reads either uploaded files or inputs of the edge',
    {
      field: '--input',
      value: input,
      allowed: 'one of --upload and --input',
    },
  );
}

/** Starts a job and, unless told otherwise, waits for it and fetches its results. */
export async function startJob(
  client: JobClient,
  flags: StartFlags,
  signal: AbortSignal,
): Promise<Job> {
  const { model, bundle, channel, format, policy, maxStage, results, profile } = flags;
  const input = await inputOf(client, flags);
  const optional = { bundle, format, maxStage };
  const request = {
    model,
    channel,
    input,
    policy,
    profile,
    results: results.split(','),
    ...optional,
  };
  const job = await client.start(request, randomUUID());
  if (flags.detach) return job;
  const ended = await waitForJob(client, job.id, signal);
  if (flags.out !== undefined && ended.results.length > 0) {
    await downloadResults(client, ended, flags.out);
  }
  return ended;
}

/**
 * Writes the results of a job into a folder; a file is there whole or not at all.
 *
 * @throws {InputError} `data-missing` where the job has none, `output-unwritable`.
 */
export async function downloadResults(client: JobClient, job: Job, folder: string): Promise<void> {
  if (job.results.length === 0) {
    throw new InputError('data-missing', `Job ${job.id} has no results: it is ${job.state}`, {
      field: 'id',
      value: job.id,
      allowed: 'a job that has finished',
    });
  }
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw unwritable(folder, cause);
  });
  for (const file of job.results) {
    const { body } = await client.open(job.id, file);
    const path = join(folder, file);
    const part = `${path}.part`;
    try {
      await pipeline(
        body === null ? Readable.from([]) : Readable.fromWeb(body),
        createWriteStream(part),
      );
      await rename(part, path);
    } catch (cause) {
      await rm(part, { force: true });
      throw unwritable(path, cause);
    }
  }
}

const unwritable = (path: string, cause: unknown) =>
  new InputError('output-unwritable', `Cannot write '${path}': ${(cause as Error).message}`, {
    field: '--out',
    value: path,
    allowed: 'a folder that can be written',
    cause,
  });
