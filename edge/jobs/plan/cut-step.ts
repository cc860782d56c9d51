// The other planning steps: the next chunks of the file at hand.
import { columnNames } from '@dandan/shared/features';
import { policyOf } from '@dandan/shared/policy';
import { loadCascade } from '../../inference/load-cascade.ts';
import { openInput } from '../input/input-source.ts';
import type { FileRow, JobRow, PlannedChunk } from '../job.ts';
import { type JobContext, nowOf } from '../job-context.ts';
import { OPERATIONS_PER_MESSAGE } from '../price.ts';
import { CPU_MICROS, PROFILES, rowsPerChunk, rowsPerGroup } from '../profile.ts';
import { advanceStep, STILL_AT_STEP, stepValues } from '../store/advance-step.ts';
import type { PlanContext, Position } from './planner.ts';
import { PLANNERS } from './planners.ts';

export interface CutCursor extends Position {
  readonly phase: 'cut';
  readonly file: number;
}

async function planContext(context: JobContext, job: JobRow, file: FileRow): Promise<PlanContext> {
  const { env, cache } = context;
  const {
    manifest,
    input,
    cost: costs,
  } = await loadCascade({
    env,
    cache,
    model: job.model,
    sha256: job.bundle,
  });
  const profile = PROFILES[job.profile];
  const limits = policyOf(manifest, job.policy);
  const deepest = Math.min(job.max_stage ?? limits.maxStage, limits.maxStage) - 1;
  const columns = input.sparse ? manifest.input.meanNonZeros : input.width;
  const cost = {
    format: file.format,
    width: input.width,
    macs: costs.fixed[deepest] + columns * costs.perColumn[deepest],
  };
  return {
    source: openInput(env.BATCH, file),
    spec: {
      features: columnNames(manifest.features),
      width: input.width,
      sparse: input.sparse,
      bundle: job.bundle,
    },
    profile,
    rows: rowsPerChunk(profile, cost),
    groupRows: rowsPerGroup(profile, cost),
  };
}

function insertChunks(
  database: D1Database,
  job: JobRow,
  file: number,
  cut: readonly PlannedChunk[],
) {
  let firstRow = job.rows;
  const rows = cut.map(({ rows, place, begin, bytes }, i) => {
    const row = [job.chunks + i, firstRow, rows, place, begin, bytes];
    firstRow += rows;
    return row;
  });
  const statement = database
    .prepare(
      `INSERT INTO job_chunks (job, file, chunk, first_row, rows, place, begin, bytes)
       SELECT ?, ?, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
       FROM json_each(?) WHERE ${STILL_AT_STEP}`,
    )
    .bind(job.id, file, JSON.stringify(rows), ...stepValues(job));
  return { statement, rows: firstRow };
}

/**
 * Opens the file where no step has, and cuts its next chunks.
 *
 * @returns the step that the job is at, and the first of its new chunks; `undefined` where another
 * delivery was first.
 */
export async function cutStep(context: JobContext, job: JobRow, cursor: CutCursor) {
  const database = context.env.REGISTRY;
  const file = await database
    .prepare(
      'SELECT file, name, etag, bytes, format, layout FROM job_files WHERE job = ? AND file = ?',
    )
    .bind(job.id, cursor.file)
    .first<FileRow>();
  if (file === null) throw new Error(`Job ${job.id} has no file ${cursor.file}`);
  const plan = await planContext(context, job, file);
  const planner = PLANNERS[file.format];
  const opened = file.layout === null ? await planner.open(plan) : undefined;
  const layout: unknown = opened?.layout ?? JSON.parse(file.layout ?? 'null');
  const { chunks, next } = await planner.cut(plan, layout, opened?.start ?? cursor);
  const { statement, rows } = insertChunks(database, job, cursor.file, chunks);
  const keepLayout = database
    .prepare(`UPDATE job_files SET layout = ? WHERE job = ? AND file = ? AND ${STILL_AT_STEP}`)
    .bind(JSON.stringify(layout), job.id, cursor.file, ...stepValues(job));
  const lastFile = cursor.file + 1 === job.files;
  const at = await advanceStep({
    database,
    job,
    now: nowOf(context),
    writes: opened ? [statement, keepLayout] : [statement],
    outcome: {
      state: next === undefined && lastFile ? 'running' : 'planning',
      cursor: next
        ? { phase: 'cut', file: cursor.file, ...next }
        : { phase: 'cut', file: cursor.file + 1, begin: 0, place: 0 },
      chunks: job.chunks + chunks.length,
      rows,
      usage: {
        invocations: 1,
        queueOperations: OPERATIONS_PER_MESSAGE,
        classA: 0,
        classB: plan.source.reads,
        rowsWritten: chunks.length + 2,
        cpuMicros: CPU_MICROS.invocation + CPU_MICROS.byte * plan.source.bytesRead,
      },
    },
  });
  if (at === undefined) return undefined;
  return { step: at, chunks: chunks.map((_, i) => job.chunks + i) };
}
