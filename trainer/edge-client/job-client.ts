// The calls of the edge's HTTP interface that are about jobs.
import { openAsBlob } from 'node:fs';
import { createEdgeSender, type EdgeClientOptions } from './edge-sender.ts';

/** What the command line reads of a job; the edge says more. */
export interface Job {
  readonly id: string;
  readonly state: string;
  readonly model: string;
  readonly created: string;
  readonly ended: string | null;
  readonly progress: {
    readonly planned: boolean;
    readonly rows: number;
    readonly rowsDone: number;
    readonly chunks: number;
    readonly chunksDone: number;
    readonly chunksFailed: number;
  };
  readonly price: { readonly total: number; readonly perMillionRows: number | null };
  readonly error: JobFailure | null;
  readonly summary: {
    readonly answered: number;
    readonly macsShare: number | null;
    readonly classes: readonly { readonly label: string; readonly rows: number }[];
    readonly exits: readonly { readonly stage: number; readonly rows: number }[];
  } | null;
  readonly results: readonly string[];
  /** Absent in listings. */
  readonly failures?: readonly { readonly rows: number; readonly error: JobFailure }[];
}

export interface JobFailure {
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly row?: number;
  readonly field?: string;
}

const JSON_TYPE = 'application/json';

export function createJobClient(options: EdgeClientOptions) {
  const { send, ask } = createEdgeSender(options);
  // The edge's own shapes, held to its schemas by its tests.
  const job = async (answer: Promise<unknown>) => (await answer) as Job;
  return {
    /** Streams a file of this machine to the edge. */
    async upload(name: string, path: string): Promise<void> {
      await send({
        method: 'PUT',
        path: `/v1/job-inputs/${encodeURIComponent(name)}`,
        body: await openAsBlob(path),
        type: 'application/octet-stream',
      });
    },
    start: (request: object, idempotencyKey: string) =>
      job(
        ask({
          method: 'POST',
          path: '/v1/jobs',
          body: JSON.stringify(request),
          type: JSON_TYPE,
          headers: { 'idempotency-key': idempotencyKey },
        }),
      ),
    list: async () => (await ask({ method: 'GET', path: '/v1/jobs' })).jobs as Job[],
    show: (id: string) => job(ask({ method: 'GET', path: `/v1/jobs/${id}` })),
    cancel: (id: string) => job(ask({ method: 'POST', path: `/v1/jobs/${id}/cancel` })),
    resume: (id: string) => job(ask({ method: 'POST', path: `/v1/jobs/${id}/resume` })),
    open: (id: string, file: string) =>
      send({ method: 'GET', path: `/v1/jobs/${id}/results/${file}` }),
  };
}

export type JobClient = ReturnType<typeof createJobClient>;
