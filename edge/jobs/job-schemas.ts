// Schemas of the jobs' HTTP interface.
import { modelNameSchema } from '@dandan/shared/bundle';
import { POLICY_NAMES } from '@dandan/shared/policy';
import { channelNameSchema } from '@dandan/shared/wire';
import * as z from 'zod';
import { described, named } from '../openapi/documented.ts';
import { sha256Schema } from '../openapi/schemas.ts';
import { INPUT_FORMATS, JOB_STATES, PROFILE_NAMES, RESULT_FORMATS } from './job.ts';

/** Names are parts of URLs and of keys in the bucket. */
const inputName = z
  .string()
  .regex(
    /^[\w.-]+(\/[\w.-]+)*$/,
    'letters, digits, _ . - in parts that / separates, at most 200 characters',
  )
  .max(200);

const inputPrefix = described(
  'Name of an input, or the beginning of the names of several, which are read in the order of their names',
  z.string().regex(/^[\w./{}-]{1,200}$/, 'letters, digits, _ . - / (1..200); {date} in schedules'),
);

export const jobIdSchema = z
  .string()
  .regex(/^[a-z0-9-]{1,64}$/, 'lower-case letters, digits and -');

export const jobParams = z.object({ id: jobIdSchema });
export const jobResultParams = jobParams.extend({
  file: z.enum(['results.csv', 'results.parquet', 'summary.json']),
});
export const inputParams = z.object({ name: inputName });

export const jobHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/, '1..128 visible ASCII characters')
    .optional(),
});

export const jobRequestSchema = named(
  'JobRequest',
  z.strictObject({
    model: modelNameSchema,
    bundle: sha256Schema.optional(),
    channel: channelNameSchema.default('stable'),
    input: inputPrefix,
    format: described(
      "Format of the inputs; without it their names' ends decide",
      z.enum(INPUT_FORMATS),
    ).optional(),
    policy: z.enum(POLICY_NAMES).default('night'),
    maxStage: z.int().min(1).optional(),
    results: z
      .array(z.enum(RESULT_FORMATS))
      .min(1)
      .max(2)
      .default([...RESULT_FORMATS]),
    profile: described(
      'Limits of the plan that chunks are cut for; those of the free plan hold everywhere',
      z.enum(PROFILE_NAMES),
    ).default('free'),
  }),
);

export type JobRequest = z.output<typeof jobRequestSchema>;

const time = z.iso.datetime();
const count = z.int().min(0);

const failure = z.object({
  code: z.string(),
  message: z.string(),
  file: z.string().optional(),
  line: described('1-based line of a text file', z.int()).optional(),
  row: described('0-based row within the file', z.int()).optional(),
  field: z.string().optional(),
  value: z.unknown().optional(),
  allowed: z.string().optional(),
});

const summary = z.object({
  rows: count,
  answered: count,
  classes: z.array(z.object({ class: count, label: z.string(), rows: count })),
  exits: z.array(z.object({ stage: z.int().min(1), rows: count })),
  stopped: z.record(z.string(), count),
  macs: z.number(),
  macsShare: described(
    'Share of the multiply-accumulates that all stages for every row would take',
    z.number().nullable(),
  ),
});

const price = z.object({
  requests: z.number(),
  cpu: z.number(),
  queues: z.number(),
  r2: z.number(),
  d1: z.number(),
  total: z.number(),
  perMillionRows: z.number().nullable(),
});

export const jobSchema = named(
  'Job',
  z.object({
    id: z.string(),
    state: z.enum(JOB_STATES),
    model: z.string(),
    bundle: sha256Schema,
    policy: z.enum(POLICY_NAMES),
    maxStage: z.int().nullable(),
    input: z.string(),
    profile: z.enum(PROFILE_NAMES),
    created: time,
    ended: time.nullable(),
    progress: z.object({
      planned: described('Whether rows and chunks are counted to their end', z.boolean()),
      files: count,
      rows: count,
      rowsDone: count,
      chunks: count,
      chunksDone: count,
      chunksFailed: count,
    }),
    price: described('US dollars at list prices; CPU is estimated', price),
    error: failure.nullable(),
    summary: summary.nullable(),
    results: described('Files to download, once the job has ended', z.array(z.string())),
  }),
);

export const jobDetailSchema = named(
  'JobDetail',
  jobSchema.extend({
    operations: described(
      'Operations as they were made, retries included',
      z.object({
        invocations: count,
        queueOperations: count,
        classA: count,
        classB: count,
        rowsWritten: count,
        cpuMs: z.number(),
      }),
    ),
    failures: described(
      'Chunks that were set aside, the first 100',
      z.array(z.object({ chunk: count, rows: count, error: failure })),
    ),
  }),
);

export const jobListSchema = named('JobList', z.object({ jobs: z.array(jobSchema) }));

export const inputSchema = named(
  'JobInput',
  z.object({ name: z.string(), bytes: count, etag: z.string(), uploaded: time }),
);

export const inputListSchema = named(
  'JobInputList',
  z.object({
    inputs: z.array(inputSchema),
    after: described('Ask with it for the next ones', z.string()).nullable(),
  }),
);

export const inputQuery = z.strictObject({
  prefix: z.string().max(200).optional(),
  after: z.string().max(1000).optional(),
});
