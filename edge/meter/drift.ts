// Codes of sampled rows by day, in the meter.
import type { DriftFlush } from '../metrics/flush.ts';
import { DAY_MS, periodStart } from './periods.ts';

export interface DriftRow extends DriftFlush {
  readonly day: number;
  readonly changes: number;
}

type StoredRow = Omit<DriftRow, 'counts'> & { readonly counts: ArrayBuffer } & Record<
    string,
    SqlStorageValue
  >;

const COLUMNS = 'bundle, day, rows, counts, changes';

/** Adds counts to those of the day; a bundle's counts always have the bins of its reference. */
export function addDrift(sql: SqlStorage, drift: readonly DriftFlush[], now: number): void {
  const day = periodStart(now, DAY_MS);
  for (const { bundle, rows, counts } of drift) {
    if (rows === 0) continue;
    const [kept] = sql
      .exec<StoredRow>(`SELECT ${COLUMNS} FROM drift WHERE bundle = ? AND day = ?`, bundle, day)
      .toArray();
    const sum = kept ? new Uint32Array(kept.counts) : new Uint32Array(counts.length);
    for (let i = 0; i < sum.length; i++) sum[i] += counts[i];
    sql.exec(
      `INSERT OR REPLACE INTO drift (${COLUMNS}) VALUES (?, ?, ?, ?, ?)`,
      bundle,
      day,
      rows + (kept?.rows ?? 0),
      sum.buffer,
      (kept?.changes ?? 0) + 1,
    );
  }
}

export function changedDrift(sql: SqlStorage): DriftRow[] {
  return sql
    .exec<StoredRow>(`SELECT ${COLUMNS} FROM drift WHERE changes > 0 ORDER BY day, bundle`)
    .toArray()
    .map(({ counts, ...rest }) => ({ ...rest, counts: new Uint32Array(counts) }));
}

export function settleDrift(sql: SqlStorage, told: readonly DriftRow[]): void {
  for (const { bundle, day, changes } of told) {
    sql.exec(
      'UPDATE drift SET changes = changes - ? WHERE bundle = ? AND day = ?',
      changes,
      bundle,
      day,
    );
  }
}
