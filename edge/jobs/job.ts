// What a job, its input files and its chunks are, as D1 keeps them.
import type { PolicyName } from '@dandan/shared/policy';

/** The last four are ends; only `finished-with-failures` and a planned `failed` can be resumed. */
export const JOB_STATES = [
  'planning',
  'running',
  'assembling',
  'finished',
  'finished-with-failures',
  'failed',
  'cancelled',
] as const;

export type JobState = (typeof JOB_STATES)[number];

/** As a list in SQL: a job that still has something to do. */
export const ACTIVE_STATES = "('planning', 'running', 'assembling')";

export const INPUT_FORMATS = ['safetensors', 'parquet', 'csv', 'ndjson'] as const;

export type InputFormat = (typeof INPUT_FORMATS)[number];

export const RESULT_FORMATS = ['csv', 'parquet'] as const;

export type ResultFormat = (typeof RESULT_FORMATS)[number];

/** Plans of the platform, whose limits a job keeps to. */
export const PROFILE_NAMES = ['free', 'paid'] as const;

export type ProfileName = (typeof PROFILE_NAMES)[number];

/** Why a chunk or a job failed, for people and programs. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** Name of the input file. */
  readonly file?: string | undefined;
  /** 1-based line of a text file. */
  readonly line?: number | undefined;
  /** 0-based row within the file. */
  readonly row?: number | undefined;
  readonly field?: string | undefined;
  readonly value?: unknown;
  readonly allowed?: string | undefined;
}

/** Columns of `jobs` that the steps work with; JSON columns are text. */
export interface JobRow {
  readonly id: string;
  readonly request: string;
  readonly model: string;
  readonly bundle: string;
  readonly policy: PolicyName;
  readonly max_stage: number | null;
  readonly input: string;
  readonly format: InputFormat | null;
  readonly results: string;
  readonly profile: ProfileName;
  readonly state: JobState;
  readonly planned: 0 | 1;
  readonly step: number;
  readonly cursor: string;
  readonly error: string | null;
  readonly summary: string | null;
  readonly created: string;
  readonly ended: string | null;
  readonly files: number;
  readonly chunks: number;
  readonly chunks_done: number;
  readonly chunks_dead: number;
  readonly rows: number;
  readonly rows_done: number;
  readonly invocations: number;
  readonly queue_operations: number;
  readonly class_a: number;
  readonly class_b: number;
  readonly rows_written: number;
  readonly cpu_micros: number;
}

export interface FileRow {
  readonly file: number;
  readonly name: string;
  readonly etag: string;
  readonly bytes: number;
  readonly format: InputFormat;
  readonly layout: string | null;
}

/** Rows of one file that are answered together: what the planner cuts, without its number. */
export interface PlannedChunk {
  readonly rows: number;
  /** 1-based line of a text file at which it begins, else its first row within the file. */
  readonly place: number;
  /** Byte at which it begins, or the number of its row group. */
  readonly begin: number;
  readonly bytes: number;
}

/** Everything that one delivery of a chunk needs. */
export interface ChunkWork extends PlannedChunk {
  readonly job: string;
  readonly chunk: number;
  /** Index of its first row in the job. */
  readonly firstRow: number;
  readonly model: string;
  readonly bundle: string;
  readonly policy: PolicyName;
  readonly maxStage: number | null;
  readonly results: readonly ResultFormat[];
  readonly profile: ProfileName;
  readonly source: FileRow;
}

export const resultFormats = (text: string) => text.split(',') as ResultFormat[];

/** Keys in the bucket. Uploads lie below one prefix, everything a job writes below another. */
export const inputKey = (name: string) => `inputs/${name}`;
export const sliceKey = (job: string, chunk: number) => `jobs/${job}/chunks/${chunk}`;
export const resultKey = (job: string, file: string) => `jobs/${job}/${file}`;
export const resultFile = (format: ResultFormat) => `results.${format}`;
