// Policy documents by model, as append-only lists of versions.
import { type PolicyDocument, policyDocumentSchema } from '@dandan/shared/policy';
import { auditEntry } from '../audit/audit-log.ts';
import type { Caller } from '../auth/scope.ts';

/** The document of all models that have none of their own; no model can have this name. */
export const ALL_MODELS = '*';

export interface PolicyVersion {
  readonly model: string;
  /** 1, 2, 3, … within the model; the newest is in force. */
  readonly version: number;
  /** ISO 8601. */
  readonly created: string;
}

export interface StoredPolicy extends PolicyVersion {
  readonly document: PolicyDocument;
}

/** As D1 has it: not parsed, so that whoever has this version already need not. */
export interface PolicyRow extends PolicyVersion {
  readonly document: string;
}

/** Models of one listing; see `MAX_LISTED_MODELS`. */
export const MAX_LISTED_POLICIES = 1000;

export interface PolicyStore {
  /** A version of the model's own document, the newest by default. */
  find(model: string, version?: number | undefined): Promise<StoredPolicy | undefined>;
  /** What is in force for a model: its own document, else that of all models. */
  inForce(model: string): Promise<PolicyRow | undefined>;
  /** Newest versions, by model. */
  list(): Promise<PolicyVersion[]>;
  /**
   * Adds a version. With `expected`, only where the newest is that one (0: there is none); a
   * document that is in force already is not added again.
   *
   * @returns `undefined` where another version than the expected one is the newest.
   */
  put(
    draft: Pick<StoredPolicy, 'model' | 'document'> & { readonly expected?: number | undefined },
    caller: Caller,
  ): Promise<{ readonly added: boolean; readonly policy: StoredPolicy } | undefined>;
}

const COLUMNS = 'model, version, document, created';

export const parsePolicy = (row: PolicyRow): StoredPolicy => ({
  ...row,
  document: policyDocumentSchema.parse(JSON.parse(row.document)),
});

/** What a line of the audit log can hold of a document; the version itself stays readable. */
function summary({ timeZone, rules, exceptions, load, cost }: PolicyDocument): string {
  const caps = [...(load ? ['load'] : []), ...(cost ? ['cost'] : [])].join(' and ') || 'nothing';
  return `${timeZone}, ${rules.length} rules, ${exceptions.length} exceptions, ${caps} capped`;
}

export function createPolicyStore(database: D1Database): PolicyStore {
  const newest = (model: string) =>
    database
      .prepare(`SELECT ${COLUMNS} FROM policies WHERE model = ? ORDER BY version DESC LIMIT 1`)
      .bind(model)
      .first<PolicyRow>();
  return {
    async find(model, version) {
      const row =
        version === undefined
          ? await newest(model)
          : await database
              .prepare(`SELECT ${COLUMNS} FROM policies WHERE model = ? AND version = ?`)
              .bind(model, version)
              .first<PolicyRow>();
      return row === null ? undefined : parsePolicy(row);
    },
    async inForce(model) {
      const row = await database
        .prepare(
          `SELECT ${COLUMNS} FROM policies WHERE (model, version) IN
           (SELECT model, MAX(version) FROM policies WHERE model IN (?1, ?2) GROUP BY model)
           ORDER BY model = ?2 LIMIT 1`,
        )
        .bind(model, ALL_MODELS)
        .first<PolicyRow>();
      return row ?? undefined;
    },
    async list() {
      const { results } = await database
        .prepare(
          `SELECT model, MAX(version) AS version, created FROM policies
           GROUP BY model ORDER BY model LIMIT ?`,
        )
        .bind(MAX_LISTED_POLICIES)
        .all<PolicyVersion>();
      return results;
    },
    async put({ model, document, expected }, caller) {
      const text = JSON.stringify(document);
      const current = await newest(model);
      if (current?.document === text && (expected ?? current.version) === current.version) {
        return { added: false, policy: { ...current, document } };
      }
      const at = new Date().toISOString();
      // One statement compares, numbers and inserts, so that of two writers at once one is refused.
      const [{ results }] = await database.batch<PolicyRow>([
        database
          .prepare(
            `INSERT INTO policies (${COLUMNS})
             SELECT ?1, COALESCE(MAX(version), 0) + 1, ?2, ?3 FROM policies WHERE model = ?1
             HAVING ?4 IS NULL OR COALESCE(MAX(version), 0) = ?4
             RETURNING ${COLUMNS}`,
          )
          .bind(model, text, at, expected ?? null),
        auditEntry(database, {
          caller,
          action: 'policy-publish',
          target: model,
          detail: summary(document),
          at,
        }),
      ]);
      const [row] = results;
      return row && { added: true, policy: { ...row, document } };
    },
  };
}
