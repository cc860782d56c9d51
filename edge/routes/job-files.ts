// Files of jobs: inputs on their way in, results on their way out.
import { addAuditEntry } from '../audit/audit-log.ts';
import { requireKey } from '../auth/require-key.ts';
import { downloadHeaders, serveRange } from '../http/serve-range.ts';
import { inputKey, resultKey } from '../jobs/job.ts';
import {
  inputListSchema,
  inputParams,
  inputQuery,
  inputSchema,
  jobResultParams,
} from '../jobs/job-schemas.ts';
import { createJobStore } from '../jobs/store/job-store.ts';
import { storeInput } from '../jobs/store-input.ts';
import type { EdgeApp } from '../openapi/edge-app.ts';
import { binaryBody, guardedProblems, keySecurity } from '../openapi/responses.ts';
import type { Route } from '../openapi/route.ts';
import { EdgeError } from '../problem/edge-error.ts';
import { jobUnknown } from './jobs.ts';

const operator = { security: keySecurity, middleware: [requireKey('operator')] } as const;

/** Names of the example types; anything else is refused where a job reads it. */
const INPUT_TYPE = 'application/octet-stream';

export const uploadInput = {
  ...operator,
  method: 'put',
  path: '/v1/job-inputs/{name}',
  summary: 'Upload an input of jobs',
  description:
    'Streamed to R2, at most 100 MB, replacing an input of the name; larger sets come in several files below one prefix. Slashes in the name are sent as %2F. Needs content-length and scope operator.',
  request: {
    params: inputParams,
    body: { required: true, content: { [INPUT_TYPE]: binaryBody } },
  },
  responses: {
    201: { description: 'Stored', content: { 'application/json': { schema: inputSchema } } },
    ...guardedProblems(400, 411, 413, 415, 422),
  },
} as const satisfies Route;

export const listInputs = {
  ...operator,
  method: 'get',
  path: '/v1/job-inputs',
  summary: 'List inputs of jobs',
  description: 'In the order of their names, a thousand at a time.',
  request: { query: inputQuery },
  responses: {
    200: { description: 'Inputs', content: { 'application/json': { schema: inputListSchema } } },
    ...guardedProblems(422),
  },
} as const satisfies Route;

export const deleteInput = {
  ...operator,
  method: 'delete',
  path: '/v1/job-inputs/{name}',
  summary: 'Delete an input of jobs',
  description: 'A job that still reads it sets the chunks aside that it could not read.',
  request: { params: inputParams },
  responses: { 204: { description: 'Deleted' }, ...guardedProblems(404, 422) },
} as const satisfies Route;

const fileContent = {
  'text/csv': binaryBody,
  'application/vnd.apache.parquet': binaryBody,
  'application/octet-stream': binaryBody,
};

export const downloadResult = {
  ...operator,
  method: 'get',
  path: '/v1/jobs/{id}/results/{file}',
  summary: 'Download a result of a job, or a range of its bytes',
  description: 'results.csv, results.parquet or summary.json. HEAD works too.',
  request: { params: jobResultParams },
  responses: {
    200: {
      description: 'The file',
      headers: downloadHeaders("R2's, quoted"),
      content: fileContent,
    },
    206: {
      description: 'The range asked for',
      headers: downloadHeaders("R2's, quoted"),
      content: fileContent,
    },
    304: { description: 'The caller has it' },
    ...guardedProblems(404, 416, 422),
  },
} as const satisfies Route;

export function addJobFileRoutes(app: EdgeApp): void {
  app.add(uploadInput, async (c, valid) => {
    const { name } = valid.params;
    const stored = await storeInput(c.env.BATCH, name, c.req.raw);
    await addAuditEntry(c.env.REGISTRY, {
      caller: c.get('caller'),
      action: 'job-input-upload',
      target: name,
      detail: `${stored.bytes} bytes`,
      at: stored.uploaded,
    });
    return c.json(stored, 201);
  });
  app.add(listInputs, async (c, valid) => {
    const { prefix = '', after } = valid.query;
    const page = await c.env.BATCH.list({
      prefix: inputKey(prefix),
      ...(after !== undefined && { startAfter: inputKey(after) }),
    });
    const inputs = page.objects.map(({ key, size, etag, uploaded }) => ({
      name: key.slice(inputKey('').length),
      bytes: size,
      etag,
      uploaded: uploaded.toISOString(),
    }));
    return c.json({ inputs, after: page.truncated ? (inputs.at(-1)?.name ?? null) : null }, 200);
  });
  app.add(deleteInput, async (c, valid) => {
    const { name } = valid.params;
    const found = await c.env.BATCH.head(inputKey(name));
    if (found === null) {
      throw new EdgeError('job-input-unknown', `There is no input '${name}'`, {
        field: 'name',
        value: name,
        allowed: 'a name of GET /v1/job-inputs',
      });
    }
    await c.env.BATCH.delete(inputKey(name));
    await addAuditEntry(c.env.REGISTRY, {
      caller: c.get('caller'),
      action: 'job-input-delete',
      target: name,
      detail: `${found.size} bytes`,
      at: new Date().toISOString(),
    });
    return c.body(null, 204);
  });
  app.add(downloadResult, async (c, valid) => {
    const { id, file } = valid.params;
    const job = await createJobStore(c.env.REGISTRY).find(id);
    if (job === undefined) throw jobUnknown(id);
    const key = resultKey(id, file);
    const ended = job.state === 'finished' || job.state === 'finished-with-failures';
    const object = ended ? await c.env.BATCH.head(key) : null;
    if (object === null) {
      throw new EdgeError('job-result-unknown', `The job has no ${file}: it is ${job.state}`, {
        field: 'file',
        value: file,
        allowed: 'a file of `results` of the job, once it has ended',
      });
    }
    return serveRange(c, {
      etag: object.httpEtag,
      bytes: object.size,
      type: object.httpMetadata?.contentType ?? 'application/octet-stream',
      // A resumed job may write it again.
      cacheControl: 'private, no-cache',
      async open(range) {
        // The same object as its head, or none.
        const options = { onlyIf: { etagMatches: object.etag }, ...(range && { range }) };
        const body = await c.env.BATCH.get(key, options);
        if (body === null || !('body' in body)) throw new Error(`R2 has lost ${key}`);
        return body;
      },
    });
  });
}
