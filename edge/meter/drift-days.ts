// Scores the days whose counts have changed against the bundle's reference, and tells D1.
import type { BundleHead } from '@dandan/shared/bundle';
import { featureShifts } from '@dandan/shared/drift';
import { columnNames } from '@dandan/shared/features';
import { changedDrift, type DriftRow, settleDrift } from './drift.ts';

/** Features named of a day, those furthest away. */
export const MAX_NAMED_SHIFTS = 20;

export interface NamedShift {
  readonly name: string;
  readonly column: number;
  readonly psi: number;
  /** What chance alone brings with so few rows. */
  readonly expected: number;
  readonly score: number;
  readonly drifted: boolean;
}

function statement(
  database: D1Database,
  options: { readonly model: string; readonly head: BundleHead; readonly at: string },
  { bundle, day, rows, counts }: DriftRow,
): D1PreparedStatement | undefined {
  const { manifest } = options.head;
  const { reference } = manifest;
  if (reference === undefined) return undefined;
  const shifts = featureShifts(reference, counts, rows);
  const names = columnNames(manifest.features);
  const named: NamedShift[] = shifts
    .slice(0, MAX_NAMED_SHIFTS)
    .map((shift) => ({ name: names[shift.column], ...shift }));
  return database
    .prepare(
      `INSERT OR REPLACE INTO drift_days (model, bundle, day, rows, reference_rows, features,
       drifted, shifts, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .bind(
      options.model,
      bundle,
      day,
      rows,
      reference.rows,
      shifts.length,
      shifts.filter(({ drifted }) => drifted).length,
      JSON.stringify(named),
      options.at,
    );
}

/** @param head the beginning of a bundle, which the caller may remember. */
export async function scoreDrift(options: {
  readonly sql: SqlStorage;
  readonly database: D1Database;
  readonly model: string;
  readonly now: number;
  readonly head: (bundle: string) => Promise<BundleHead | undefined>;
}): Promise<void> {
  const { sql, database, model, now } = options;
  const changed = changedDrift(sql);
  const at = new Date(now).toISOString();
  for (const row of changed) {
    const head = await options.head(row.bundle);
    await (head && statement(database, { model, head, at }, row))?.run();
  }
  settleDrift(sql, changed);
}
