// The calls that an operator makes, and the hash of what came out.
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { signFirstRelease } from '@dandan/shared/testing';
import { OPERATOR_KEY } from './edge-server.ts';
import { createBenchBundle, inputFiles, MODEL } from './inputs.ts';

export interface JobView {
  readonly id: string;
  readonly state: string;
  readonly error: unknown;
  readonly progress: { readonly rows: number; readonly rowsDone: number; readonly chunks: number };
  readonly price: Readonly<Record<string, number>>;
  readonly operations: Readonly<Record<string, number>>;
  readonly summary: { readonly answered: number; readonly macsShare: number };
}

const ACTIVE = ['planning', 'running', 'assembling'];
const POLL_MS = 100;

export const isActive = ({ state }: JobView) => ACTIVE.includes(state);

async function call(
  url: string,
  method: string,
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
  type?: string,
) {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${OPERATOR_KEY}`,
      ...(type !== undefined && { 'content-type': type }),
    },
    ...(body !== undefined && { body }),
  });
  if (response.ok) return response;
  throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
}

/** Uploads the bundle and `rows` rows; returns the prefix of the inputs. */
export async function prepare(url: string, rows: number): Promise<string> {
  const made = await createBenchBundle();
  const { bytes, sha256 } = made;
  const octets = 'application/octet-stream';
  await call(url, 'PUT', `/v1/models/${MODEL}/bundles/${sha256}`, bytes, octets);
  const { trust, publish } = await signFirstRelease(made);
  for (const [path, json] of [
    ['/v1/signing-keys', trust],
    [`/v1/models/${MODEL}/channels/stable`, publish],
  ] as const) {
    await call(url, 'POST', path, JSON.stringify(json), 'application/json');
  }
  let file = 0;
  for (const input of inputFiles(rows)) {
    const name = encodeURIComponent(`bench/${String(file++).padStart(3, '0')}.safetensors`);
    await call(url, 'PUT', `/v1/job-inputs/${name}`, input, octets);
  }
  return 'bench/';
}

export async function start(url: string, input: string, profile: string): Promise<string> {
  const request = JSON.stringify({ model: MODEL, input, profile });
  const response = await call(url, 'POST', '/v1/jobs', request, 'application/json');
  const { id } = (await response.json()) as JobView;
  return id;
}

export async function show(url: string, id: string): Promise<JobView> {
  return (await (await call(url, 'GET', `/v1/jobs/${id}`)).json()) as JobView;
}

export const resume = (url: string, id: string) => call(url, 'POST', `/v1/jobs/${id}/resume`);

/** Polls until the job has ended. @throws where it did not finish. */
export async function finished(url: string, id: string, signal: AbortSignal): Promise<JobView> {
  for (;;) {
    const job = await show(url, id);
    if (job.state === 'finished') return job;
    if (!isActive(job)) throw new Error(`The job is ${job.state}: ${JSON.stringify(job.error)}`);
    await delay(POLL_MS, undefined, { signal });
  }
}

/** SHA-256 and size of a result. */
export async function digest(url: string, id: string, file: string) {
  const response = await call(url, 'GET', `/v1/jobs/${id}/results/${file}`);
  if (response.body === null) throw new Error(`${file} is empty`);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of response.body) {
    hash.update(chunk);
    bytes += chunk.byteLength;
  }
  return { sha256: hash.digest('hex'), bytes };
}
