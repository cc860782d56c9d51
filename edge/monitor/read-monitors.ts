// Promises and drift as D1 knows them.
import type { PolicyName } from '@dandan/shared/policy';
import type { NamedShift } from '../meter/drift-days.ts';
import type { MonitorState } from '../metrics/flush.ts';

/** Of one answer: a few bundles of a few models, and what came before them. */
export const MAX_LISTED_MONITORS = 500;

export interface StoredMonitor extends MonitorState {
  readonly model: string;
  readonly bundle: string;
  readonly policy: PolicyName;
  readonly updated: string;
}

export interface DriftDay {
  readonly model: string;
  readonly bundle: string;
  /** Milliseconds since 1970. */
  readonly day: number;
  readonly rows: number;
  readonly referenceRows: number;
  /** Features compared, and how many of them have drifted. */
  readonly features: number;
  readonly drifted: number;
  readonly shifts: readonly NamedShift[];
}

interface Filter {
  readonly model?: string | undefined;
  readonly bundle?: string | undefined;
}

const FILTER = '(?1 IS NULL OR model = ?1) AND (?2 IS NULL OR bundle = ?2)';

/** The latest to have changed first. */
export async function readMonitors(
  database: D1Database,
  { model, bundle }: Filter,
): Promise<StoredMonitor[]> {
  const { results } = await database
    .prepare(`SELECT * FROM monitors WHERE ${FILTER} ORDER BY updated DESC LIMIT ?3`)
    .bind(model ?? null, bundle ?? null, MAX_LISTED_MONITORS)
    .all<StoredMonitor>();
  return results;
}

type DriftColumns = Omit<DriftDay, 'referenceRows' | 'shifts'> & {
  readonly reference_rows: number;
  readonly shifts: string;
};

/** Days that begin in `from`..`to`, latest first. */
export async function readDrift(
  database: D1Database,
  { model, bundle, from, to }: Filter & { readonly from: number; readonly to: number },
): Promise<DriftDay[]> {
  const { results } = await database
    .prepare(
      `SELECT model, bundle, day, rows, reference_rows, features, drifted, shifts FROM drift_days
       WHERE ${FILTER} AND day >= ?3 AND day < ?4 ORDER BY day DESC, model, bundle LIMIT ?5`,
    )
    .bind(model ?? null, bundle ?? null, from, to, MAX_LISTED_MONITORS)
    .all<DriftColumns>();
  return results.map(({ reference_rows: referenceRows, shifts, ...rest }) => ({
    ...rest,
    referenceRows,
    shifts: JSON.parse(shifts) as NamedShift[],
  }));
}
