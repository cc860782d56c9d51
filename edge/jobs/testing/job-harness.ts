// What the tests of jobs share: inputs, jobs under a queue of their own, results read by others' readers.
import { env } from 'cloudflare:workers';
import { parquetReadObjects } from 'hyparquet';
import { createCascadeCache } from '../../inference/cascade-cache.ts';
import { call } from '../../testing/edge-client.ts';
import { createJob } from '../create-job.ts';
import { inputKey, resultKey } from '../job.ts';
import type { JobContext } from '../job-context.ts';
import { type JobRequest, jobRequestSchema } from '../job-schemas.ts';
import type { jobDetail } from '../job-view.ts';
import { createBatchQueue } from './batch-queue.ts';

const CALLER = { id: 'test', name: 'test', scope: 'operator' } as const;

export type JobDetail = ReturnType<typeof jobDetail>;

/** One row of a result, as text of the CSV. */
export interface ResultRow {
  readonly row: string;
  readonly id: string;
  readonly class: string;
  readonly label: string;
  readonly confidence: string;
  readonly stage: string;
  readonly stopped: string;
  readonly macs: string;
}

export async function putInput(name: string, body: string | Uint8Array): Promise<void> {
  await env.BATCH.put(inputKey(name), body);
}

export type AnyRequest = Partial<JobRequest> & Pick<JobRequest, 'model' | 'input'>;

export function createHarness() {
  const queue = createBatchQueue();
  const context: JobContext = { env: { ...env, JOBS: queue.queue }, cache: createCascadeCache() };
  async function start(request: AnyRequest, given: JobContext = context): Promise<string> {
    const id = crypto.randomUUID();
    await createJob(given, { request: jobRequestSchema.parse(request), id, caller: CALLER });
    return id;
  }
  return {
    queue,
    context,
    start,
    /** Starts a job and delivers everything. */
    async run(request: AnyRequest): Promise<JobDetail> {
      const id = await start(request);
      await queue.drain(context);
      return showJob(id);
    },
  };
}

export async function showJob(id: string): Promise<JobDetail> {
  return (await call(`GET /v1/jobs/${id}`)).json();
}

export async function resultBytes(id: string, file: string): Promise<Uint8Array> {
  const object = await env.BATCH.get(resultKey(id, file));
  if (object === null) throw new Error(`job ${id} has no ${file}`);
  return new Uint8Array(await object.arrayBuffer());
}

/** A strict reader of RFC 4180: line ends of two characters, quotes only around whole fields. */
export function parseCsv(text: string): string[][] {
  const field = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/y;
  const rows: string[][] = [];
  let row: string[] = [];
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const match = field.exec(text);
    if (match === null) throw new Error(`no CSV at ${at}: ${text.slice(at, at + 40)}`);
    const [, value, end] = match;
    row.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    if (end !== ',') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

export async function csvResult(id: string): Promise<ResultRow[]> {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
    await resultBytes(id, 'results.csv'),
  );
  const [header, ...rows] = parseCsv(text);
  return rows.map((row) => Object.fromEntries(row.map((value, j) => [header[j], value]))) as never;
}

/** The Parquet result, worded as the CSV is. */
export async function parquetResult(id: string): Promise<ResultRow[]> {
  const bytes = await resultBytes(id, 'results.parquet');
  const rows = await parquetReadObjects({ file: bytes.slice().buffer });
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value ?? '')])),
  ) as never;
}

/** Both, with confidences as float32, which each writes in its own way. */
export async function bothResults(id: string) {
  const exact = (rows: ResultRow[]) =>
    rows.map((row) => ({ ...row, confidence: Math.fround(Number(row.confidence)) }));
  return { csv: exact(await csvResult(id)), parquet: exact(await parquetResult(id)) };
}
