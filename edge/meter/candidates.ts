// Hard rows in the meter, until it decides which of them the model keeps.
import { sha256Hex } from '@dandan/shared/bundle';
import { type CaseSummary, chooseKept, MAX_OPEN_CASES } from '../hard-cases/choose-kept.ts';
import type { HardCandidate } from '../metrics/flush.ts';

/** Between two decisions; more are left out. 512 rows of 16 KiB are 8 MB. */
export const MAX_WAITING = 512;

interface WaitingRow extends HardCandidate {
  readonly id: number;
  readonly at: string;
}

type StoredRow = Omit<WaitingRow, 'row' | 'fullLabel'> & {
  readonly row: ArrayBuffer;
  readonly full_label: string | null;
} & Record<string, SqlStorageValue>;

const COLUMNS =
  'at, bundle, policy, key, device, reason, class, label, confidence, full_label, row';

export function addCandidates(
  sql: SqlStorage,
  candidates: readonly HardCandidate[],
  now: number,
): void {
  let { n } = sql.exec<{ n: number }>('SELECT COUNT(*) AS n FROM candidates').one();
  for (const each of candidates) {
    if (n++ >= MAX_WAITING) return;
    sql.exec(
      `INSERT INTO candidates (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      new Date(now).toISOString(),
      each.bundle,
      each.policy,
      each.key,
      each.device,
      each.reason,
      each.class,
      each.label,
      each.confidence,
      each.fullLabel,
      // The view may be of a larger buffer.
      each.row.slice().buffer,
    );
  }
}

function waiting(sql: SqlStorage): WaitingRow[] {
  return sql
    .exec<StoredRow>(`SELECT id, ${COLUMNS} FROM candidates ORDER BY id`)
    .toArray()
    .map(({ row, full_label: fullLabel, ...rest }) => ({
      ...rest,
      fullLabel,
      row: new Uint8Array(row),
    }));
}

/** Names a case by its bundle and its codes. */
export function caseId(bundle: string, row: Uint8Array): Promise<string> {
  const name = new TextEncoder().encode(`${bundle}\n`);
  const bytes = new Uint8Array(name.byteLength + row.byteLength);
  bytes.set(name);
  bytes.set(row, name.byteLength);
  return sha256Hex(bytes);
}

type OpenRow = Omit<CaseSummary, 'skipped' | 'key'> & {
  readonly key_id: string;
  readonly skipped: number;
};

async function openCases(database: D1Database, model: string): Promise<CaseSummary[]> {
  const { results } = await database
    .prepare(
      `SELECT id, reason, answer, confidence, key_id, device, labelled IS NOT NULL AS skipped
       FROM hard_cases WHERE model = ? AND label IS NULL LIMIT ?`,
    )
    .bind(model, 2 * MAX_OPEN_CASES)
    .all<OpenRow>();
  return results.map(({ key_id: key, skipped, ...rest }) => ({
    ...rest,
    key,
    skipped: skipped === 1,
  }));
}

interface NewCase extends CaseSummary {
  readonly waiting: WaitingRow;
}

/** By name; of the same row the first, or the first that is a disagreement. */
async function newCases(rows: readonly WaitingRow[]): Promise<Map<string, NewCase>> {
  const cases = new Map<string, NewCase>();
  for (const row of rows) {
    const id = await caseId(row.bundle, row.row);
    const { reason, label: answer, confidence, key, device } = row;
    if (cases.get(id)?.reason === 'disagreement') continue;
    if (cases.has(id) && reason !== 'disagreement') continue;
    cases.set(id, { id, reason, answer, confidence, key, device, skipped: false, waiting: row });
  }
  return cases;
}

function insertion(database: D1Database, model: string, { id, waiting: row }: NewCase) {
  return database
    .prepare(
      `INSERT INTO hard_cases (id, model, bundle, policy, at, reason, key_id, device, class, answer,
       confidence, full_answer, row) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
    )
    .bind(
      id,
      model,
      row.bundle,
      row.policy,
      row.at,
      row.reason,
      row.key,
      row.device,
      row.class,
      row.label,
      row.confidence,
      row.fullLabel,
      row.row,
    );
}

/** Decides over what waits: D1 then holds the model's choice among old and new. */
export async function keepCandidates(options: {
  readonly sql: SqlStorage;
  readonly database: D1Database;
  readonly model: string;
}): Promise<void> {
  const { sql, database, model } = options;
  const rows = waiting(sql);
  if (rows.length === 0) return;
  const fresh = await newCases(rows);
  const present = await openCases(database, model);
  const here = new Set(present.map(({ id }) => id));
  const added = [...fresh.values()].filter(({ id }) => !here.has(id));
  const kept = new Set(chooseKept<CaseSummary>([...present, ...added]).map(({ id }) => id));
  const gone = present.filter(({ id }) => !kept.has(id));
  const statements = [
    ...added.filter(({ id }) => kept.has(id)).map((each) => insertion(database, model, each)),
    // A label given in between wins.
    ...gone.map(({ id }) =>
      database.prepare('DELETE FROM hard_cases WHERE id = ? AND label IS NULL').bind(id),
    ),
  ];
  for (let begin = 0; begin < statements.length; begin += 100) {
    await database.batch(statements.slice(begin, begin + 100));
  }
  sql.exec('DELETE FROM candidates WHERE id <= ?', rows[rows.length - 1].id);
}
