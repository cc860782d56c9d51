// Schedules in D1.
import { auditEntry } from '../../audit/audit-log.ts';
import type { Caller } from '../../auth/scope.ts';
import type { JobRequest } from '../job-schemas.ts';
import type { ScheduleRequest } from '../schedule-schemas.ts';

export interface Schedule extends ScheduleRequest {
  readonly name: string;
  readonly created: string;
  /** Date of the last job it made, YYYY-MM-DD. */
  readonly last: string | null;
  readonly error: string | null;
}

/** A plant has a handful; the cron trigger looks at all of them. */
export const MAX_SCHEDULES = 100;

export interface ScheduleStore {
  list(): Promise<Schedule[]>;
  /** Adds or replaces one; false where there are too many already. */
  put(name: string, request: ScheduleRequest, caller: Caller, at: Date): Promise<boolean>;
  /** False where there is none of the name. */
  remove(name: string, caller: Caller, at: Date): Promise<boolean>;
  /** Those whose hour has come on `date` and that made no job then. */
  due(date: string, hour: number): Promise<Schedule[]>;
  /** Notes that the job of `date` is there, or why it is not. */
  note(name: string, date: string, error: string | null): Promise<void>;
}

interface Row extends Omit<Schedule, 'job'> {
  readonly request: string;
}

const COLUMNS = 'name, hour, request, created, last, error';

function toSchedule({ request, ...row }: Row): Schedule {
  return { ...row, job: JSON.parse(request) as JobRequest };
}

export function createScheduleStore(database: D1Database): ScheduleStore {
  const all = async (statement: D1PreparedStatement) =>
    (await statement.all<Row>()).results.map(toSchedule);
  return {
    list: () => all(database.prepare(`SELECT ${COLUMNS} FROM job_schedules ORDER BY name`)),
    async put(name, { hour, job }, caller, at) {
      const created = at.toISOString();
      const [{ meta }] = await database.batch([
        database
          .prepare(
            `INSERT INTO job_schedules (name, hour, request, created) SELECT ?1, ?2, ?3, ?4
             WHERE (SELECT COUNT(*) FROM job_schedules WHERE name <> ?1) < ?5
             ON CONFLICT (name) DO UPDATE SET hour = ?2, request = ?3, error = NULL`,
          )
          .bind(name, hour, JSON.stringify(job), created, MAX_SCHEDULES),
        auditEntry(database, {
          caller,
          action: 'job-schedule-put',
          target: name,
          detail: `${job.model} on ${job.input} at ${hour}:00 UTC`,
          at: created,
        }),
      ]);
      return meta.changes > 0;
    },
    async remove(name, caller, at) {
      const [{ meta }] = await database.batch([
        database.prepare('DELETE FROM job_schedules WHERE name = ?').bind(name),
        auditEntry(database, {
          caller,
          action: 'job-schedule-delete',
          target: name,
          detail: '',
          at: at.toISOString(),
        }),
      ]);
      return meta.changes > 0;
    },
    due: (date, hour) =>
      all(
        database
          .prepare(
            `SELECT ${COLUMNS} FROM job_schedules
             WHERE hour <= ? AND (last IS NULL OR last < ?) ORDER BY name`,
          )
          .bind(hour, date),
      ),
    async note(name, date, error) {
      await database
        .prepare(
          `UPDATE job_schedules SET error = ?, last = CASE WHEN ? IS NULL THEN ? ELSE last END
           WHERE name = ?`,
        )
        .bind(error, error, date, name)
        .run();
    },
  };
}
