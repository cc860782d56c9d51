// Hard cases in D1, for people: listed, labelled, read out. The meter of the model adds and drops them.
import type { PolicyName } from '@dandan/shared/policy';
import { auditEntry } from '../audit/audit-log.ts';
import type { Caller } from '../auth/scope.ts';
import type { HardReason } from '../metrics/flush.ts';
import type { CaseState, HardCase } from './schemas.ts';

interface Row {
  readonly id: string;
  readonly model: string;
  readonly bundle: string;
  readonly policy: PolicyName;
  readonly at: string;
  readonly reason: HardReason;
  readonly key_id: string;
  readonly device: string;
  readonly answer: string;
  readonly confidence: number;
  readonly full_answer: string | null;
  readonly labelled: string | null;
  readonly label: string | null;
  readonly new_label: number;
}

/** A case with its codes, as it is exported. */
export interface StoredCase extends HardCase {
  /** One quantised row as safetensors. */
  readonly row: Uint8Array;
}

const COLUMNS =
  'id, model, bundle, policy, at, reason, key_id, device, answer, confidence, full_answer, labelled, label, new_label';

function stateOf({ labelled, label }: Row): CaseState {
  if (labelled === null) return 'open';
  return label === null ? 'skipped' : 'labelled';
}

function caseOf(row: Row): HardCase {
  const { key_id: key, full_answer: fullAnswer, new_label: newLabel, device, ...rest } = row;
  return {
    ...rest,
    key,
    device: device === '' ? null : device,
    fullAnswer,
    newLabel: newLabel === 1,
    state: stateOf(row),
  };
}

type RowWithCodes = Row & { readonly row: readonly number[] };

const storedCaseOf = ({ row, ...rest }: RowWithCodes): StoredCase => ({
  ...caseOf(rest),
  row: Uint8Array.from(row),
});

const STATE_SQL: Readonly<Record<CaseState | 'all', string>> = {
  open: 'labelled IS NULL',
  labelled: 'label IS NOT NULL',
  skipped: 'labelled IS NOT NULL AND label IS NULL',
  all: 'TRUE',
};

export interface CaseQuery {
  readonly model?: string | undefined;
  readonly bundle?: string | undefined;
  readonly device?: string | undefined;
  readonly reason?: HardReason | undefined;
  readonly answer?: string | undefined;
  readonly state: CaseState | 'all';
  /** The id of the last case of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface HardCaseStore {
  /** In order of their ids, which is none that means anything, and the same for every page. */
  list(query: CaseQuery): Promise<HardCase[]>;
  /** As {@linkcode list}, with rows. */
  read(query: CaseQuery): Promise<StoredCase[]>;
  /** Bundles of the cases that a query finds. */
  bundles(query: Omit<CaseQuery, 'after' | 'limit'>): Promise<string[]>;
  find(id: string): Promise<StoredCase | undefined>;
  /** The case with its new label; `undefined` where it is gone. */
  label(
    id: string,
    label: { readonly label: string | null; readonly isNew: boolean },
    caller: Caller,
  ): Promise<HardCase | undefined>;
}

export function createHardCaseStore(database: D1Database): HardCaseStore {
  function select<R>(columns: string, query: CaseQuery, tail: string) {
    const { model, bundle, device, reason, answer, state, after, limit } = query;
    return database
      .prepare(
        `SELECT ${columns} FROM hard_cases
         WHERE (?1 IS NULL OR model = ?1) AND (?2 IS NULL OR bundle = ?2)
         AND (?3 IS NULL OR device = ?3) AND (?4 IS NULL OR reason = ?4)
         AND (?5 IS NULL OR answer = ?5) AND id > ?6 AND ${STATE_SQL[state]} ${tail} LIMIT ?7`,
      )
      .bind(...[model, bundle, device, reason, answer].map((v) => v ?? null), after ?? '', limit)
      .all<R>();
  }

  async function find(id: string) {
    const found = await database
      .prepare(`SELECT ${COLUMNS}, row FROM hard_cases WHERE id = ?`)
      .bind(id)
      .first<RowWithCodes>();
    return found === null ? undefined : storedCaseOf(found);
  }

  return {
    find,
    async list(query) {
      const { results } = await select<Row>(COLUMNS, query, 'ORDER BY id');
      return results.map(caseOf);
    },
    async read(query) {
      const columns = `${COLUMNS}, row`;
      const { results } = await select<RowWithCodes>(columns, query, 'ORDER BY id');
      return results.map(storedCaseOf);
    },
    async bundles(query) {
      const every = { ...query, limit: 1000 };
      const { results } = await select<{ bundle: string }>(
        'bundle',
        every,
        'GROUP BY bundle ORDER BY MAX(at) DESC, bundle',
      );
      return results.map(({ bundle }) => bundle);
    },
    async label(id, { label, isNew }, caller) {
      const at = new Date().toISOString();
      const [{ results }] = await database.batch<Row>([
        database
          .prepare(
            `UPDATE hard_cases SET label = ?, new_label = ?, labelled = ?, labelled_by = ?
             WHERE id = ? RETURNING ${COLUMNS}`,
          )
          .bind(label, Number(isNew), at, caller.id, id),
        auditEntry(database, {
          caller,
          action: 'hard-case-label',
          target: id,
          detail: label ?? '(skipped)',
          at,
        }),
      ]);
      const [row] = results;
      return row && caseOf(row);
    },
  };
}
