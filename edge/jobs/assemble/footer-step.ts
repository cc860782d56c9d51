// Assembling, first part of the Parquet result: the next row groups of its footer.
import type { JobRow } from '../job.ts';
import { type JobContext, nowOf } from '../job-context.ts';
import { OPERATIONS_PER_MESSAGE } from '../price.ts';
import { CPU_MICROS, PROFILES } from '../profile.ts';
import { encodeRowGroups, PARQUET_MAGIC } from '../result/parquet-footer.ts';
import { advanceStep, STILL_AT_STEP, stepValues } from '../store/advance-step.ts';
import type { AssembleCursor, FooterCursor } from './cursor.ts';

/** Of one row group. */
const GROUP_MICROS = 70;

interface GroupRow {
  readonly chunk: number;
  readonly rows: number;
  readonly columns: string;
  readonly bytes: number;
}

const START = { piece: 0, after: -1, at: PARQUET_MAGIC.byteLength };

export async function footerStep(context: JobContext, job: JobRow, cursor: AssembleCursor) {
  const database = context.env.REGISTRY;
  const from = cursor.footer === undefined || cursor.footer === 'whole' ? START : cursor.footer;
  const { groupsPerStep } = PROFILES[job.profile];
  const { results } = await database
    .prepare(
      `SELECT chunk, rows, columns, parquet_bytes AS bytes FROM job_chunks
       WHERE job = ? AND chunk > ? AND state = 'done' ORDER BY chunk LIMIT ?`,
    )
    .bind(job.id, from.after, groupsPerStep)
    .all<GroupRow>();
  let at = from.at;
  const groups = results.map(({ rows, columns, bytes }) => {
    const begin = at;
    at += bytes;
    return { begin, rows, columns: JSON.parse(columns) };
  });
  const footer: FooterCursor =
    results.length < groupsPerStep
      ? 'whole'
      : { piece: from.piece + 1, after: results[results.length - 1].chunk, at };
  // Pieces of an assembling that was given up may be there still.
  const clear = database
    .prepare(`DELETE FROM job_footers WHERE job = ? AND piece >= ? AND ${STILL_AT_STEP}`)
    .bind(job.id, from.piece, ...stepValues(job));
  const insert = database
    .prepare(
      `INSERT INTO job_footers (job, piece, row_groups, bytes) SELECT ?, ?, ?, ? WHERE ${STILL_AT_STEP}`,
    )
    .bind(job.id, from.piece, groups.length, encodeRowGroups(groups), ...stepValues(job));
  return advanceStep({
    database,
    job,
    now: nowOf(context),
    writes: [clear, insert],
    outcome: {
      state: 'assembling',
      cursor: { ...cursor, footer },
      usage: {
        invocations: 1,
        queueOperations: OPERATIONS_PER_MESSAGE,
        classA: 0,
        classB: 0,
        rowsWritten: 2,
        cpuMicros: CPU_MICROS.invocation + GROUP_MICROS * groups.length,
      },
    },
  });
}
