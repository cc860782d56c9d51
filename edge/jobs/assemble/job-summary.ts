// Counts over all answered rows of a job, added up by D1.
import type { JobRow } from '../job.ts';

export interface JobSummary {
  /** Rows of the input, and those among them that were answered. */
  readonly rows: number;
  readonly answered: number;
  /** In the order of the bundle; classes of no row are there too. */
  readonly classes: readonly {
    readonly class: number;
    readonly label: string;
    readonly rows: number;
  }[];
  /** Rows by the stage at which they stopped, and by why. */
  readonly exits: readonly { readonly stage: number; readonly rows: number }[];
  readonly stopped: Readonly<Record<string, number>>;
  readonly macs: number;
  /** Share of the multiply-accumulates that all stages for every row would take. */
  readonly macsShare: number | null;
}

interface Count {
  readonly key: string;
  readonly rows: number;
}

const COUNTED = ['classes', 'exits', 'stopped'] as const;

export async function createSummary(
  database: D1Database,
  job: Pick<JobRow, 'id' | 'rows' | 'rows_done'>,
  labels: readonly string[],
): Promise<JobSummary> {
  const counts = COUNTED.map((name) =>
    database
      .prepare(
        `SELECT each.key, SUM(each.value) AS rows FROM job_chunks c, json_each(c.summary, ?) each
         WHERE c.job = ? AND c.state = 'done' GROUP BY each.key ORDER BY each.key`,
      )
      .bind(`$.${name}`, job.id),
  );
  const sums = database
    .prepare(
      `SELECT TOTAL(summary ->> '$.macs') AS macs, TOTAL(summary ->> '$.fullMacs') AS fullMacs
       FROM job_chunks WHERE job = ? AND state = 'done'`,
    )
    .bind(job.id);
  const answers = await database.batch([...counts, sums]);
  const [classes, exits, stopped] = answers.map(({ results }) => results as Count[]);
  const [{ macs, fullMacs }] = answers[3].results as { macs: number; fullMacs: number }[];
  const byClass = new Map(classes.map(({ key, rows }) => [Number(key), rows]));
  return {
    rows: job.rows,
    answered: job.rows_done,
    classes: labels.map((label, c) => ({ class: c, label, rows: byClass.get(c) ?? 0 })),
    exits: exits
      .map(({ key, rows }) => ({ stage: Number(key), rows }))
      .sort((a, b) => a.stage - b.stage),
    stopped: Object.fromEntries(stopped.map(({ key, rows }) => [key, rows])),
    macs,
    macsShare: fullMacs > 0 ? macs / fullMacs : null,
  };
}
