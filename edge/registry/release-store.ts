// Channels: which bundle of a model is current, as an append-only list of signed releases and a
// state for each of them that moves one way.
import type { Envelope, Pointer } from '@dandan/shared/release';
import { type AuditedAction, auditEntry } from '../audit/audit-log.ts';
import type { Caller } from '../auth/scope.ts';
import type { CurrentRelease, Release, RolloutState } from './release.ts';
import type { RolloutCriteria } from './rollout-criteria.ts';

/** A model with its channels, for listings. */
export interface ModelSummary {
  readonly model: string;
  readonly bundles: number;
  readonly channels: readonly Release[];
}

/** Models of one listing; a plant has a handful. */
export const MAX_LISTED_MODELS = 1000;

/** Releases of one listing: two years of one a week. */
export const MAX_LISTED_RELEASES = 100;

export interface NewRelease {
  readonly pointer: Pointer;
  readonly envelope: Envelope;
  /** Number and state of the release that this one follows; `undefined` where it is the first. */
  readonly follows: Pick<Release, 'release' | 'state'> | undefined;
  /** `undefined` promotes at once. */
  readonly canary?: { readonly percent: number; readonly criteria: RolloutCriteria } | undefined;
}

/** A change of the newest release of a channel. */
export interface RolloutChange {
  readonly action: Extract<AuditedAction, `rollout-${string}`>;
  /** States it may be in; in any other nothing changes. */
  readonly from: readonly RolloutState[];
  readonly to: RolloutState;
  readonly percent?: number;
  readonly reason: string;
}

type Named = Pick<Release, 'model' | 'channel' | 'release'>;

export interface ReleaseStore {
  current(model: string, channel: string): Promise<CurrentRelease | undefined>;
  /** The current release of every channel of a model, by channel name. */
  channels(model: string): Promise<Release[]>;
  /** Newest first, at most {@linkcode MAX_LISTED_RELEASES}. */
  history(model: string, channel: string): Promise<Release[]>;
  /** Current releases that are canaries. */
  inProgress(): Promise<CurrentRelease[]>;
  /** False where another release or a change came first: nothing is stored then. */
  publish(release: NewRelease, caller: Caller): Promise<boolean>;
  /** False where the release is no longer current or in another state. */
  change(named: Named, change: RolloutChange, caller: Caller): Promise<boolean>;
  models(): Promise<ModelSummary[]>;
}

const COLUMNS =
  'model, channel, release, bundle, fallback, state, percent, created, deadline, ended, reason';

type Row = Omit<CurrentRelease, 'criteria'> & { readonly criteria: string | null };

const fromRow = ({ criteria, ...row }: Row): CurrentRelease => ({
  ...row,
  criteria: criteria === null ? null : (JSON.parse(criteria) as RolloutCriteria),
});

export function createReleaseStore(database: D1Database): ReleaseStore {
  const select = (columns: string, rest: string) =>
    database.prepare(`SELECT ${columns} FROM current_releases ${rest}`);

  return {
    async current(model, channel) {
      const row = await select(`${COLUMNS}, criteria, envelope`, 'WHERE model = ? AND channel = ?')
        .bind(model, channel)
        .first<Row>();
      return row === null ? undefined : fromRow(row);
    },
    async channels(model) {
      const statement = select(COLUMNS, 'WHERE model = ? ORDER BY channel').bind(model);
      return (await statement.all<Release>()).results;
    },
    async history(model, channel) {
      const { results } = await database
        .prepare(
          `SELECT ${COLUMNS} FROM releases JOIN rollouts USING (model, channel, release)
           WHERE model = ? AND channel = ? ORDER BY release DESC LIMIT ?`,
        )
        .bind(model, channel, MAX_LISTED_RELEASES)
        .all<Release>();
      return results;
    },
    async inProgress() {
      const statement = select(`${COLUMNS}, criteria, envelope`, "WHERE state = 'canary'");
      return (await statement.all<Row>()).results.map(fromRow);
    },
    async publish({ pointer, envelope, follows, canary }, caller) {
      const { model, channel, release, bundle, fallback } = pointer;
      const at = new Date().toISOString();
      const deadline =
        canary && new Date(Date.parse(at) + canary.criteria.deadlineMinutes * 60_000).toISOString();
      const [{ meta }] = await database.batch([
        // Only on top of what the caller has seen, and of bundles that are still there.
        database
          .prepare(
            `INSERT INTO releases (model, channel, release, bundle, created, envelope)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6
             WHERE (SELECT COALESCE(MAX(release), 0) FROM releases WHERE model = ?1 AND channel = ?2) = ?7
               AND COALESCE((SELECT state FROM rollouts WHERE model = ?1 AND channel = ?2 AND release = ?7), '') = ?8
               AND NOT EXISTS (SELECT 1 FROM bundles WHERE sha256 IN (?4, ?9) AND collected IS NOT NULL)`,
          )
          .bind(
            model,
            channel,
            release,
            bundle.sha256,
            at,
            JSON.stringify(envelope),
            follows?.release ?? 0,
            follows?.state ?? '',
            fallback?.sha256 ?? null,
          ),
        auditEntry(database, {
          caller,
          action: 'release-publish',
          target: `${model}/${channel}`,
          detail: `release ${release}, ${canary ? `canary ${canary.percent} %` : 'promoted'}, bundle ${bundle.sha256}`,
          at,
        }),
        database
          .prepare(
            `INSERT INTO rollouts (model, channel, release, fallback, state, percent, criteria, deadline, ended, reason)
             SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'published' WHERE changes() > 0`,
          )
          .bind(
            model,
            channel,
            release,
            fallback?.sha256 ?? null,
            canary ? 'canary' : 'promoted',
            canary?.percent ?? 100,
            canary ? JSON.stringify(canary.criteria) : null,
            deadline ?? null,
            canary ? null : at,
          ),
        database
          .prepare(
            `UPDATE rollouts SET state = 'superseded', ended = ?1, reason = ?2
             WHERE changes() > 0 AND model = ?3 AND channel = ?4 AND release = ?5 AND state = 'canary'`,
          )
          .bind(at, `release ${release} followed`, model, channel, follows?.release ?? 0),
      ]);
      return meta.changes > 0;
    },
    async change({ model, channel, release }, { action, from, to, percent, reason }, caller) {
      const at = new Date().toISOString();
      const states = from.map(() => '?').join(', ');
      const [{ meta }] = await database.batch([
        database
          .prepare(
            `UPDATE rollouts SET state = ?, percent = COALESCE(?, percent), reason = ?, ended = ?
             WHERE model = ? AND channel = ? AND release = ? AND state IN (${states})
               AND release = (SELECT MAX(release) FROM releases WHERE model = rollouts.model AND channel = rollouts.channel)`,
          )
          .bind(
            to,
            percent ?? null,
            reason,
            to === 'canary' ? null : at,
            model,
            channel,
            release,
            ...from,
          ),
        auditEntry(database, {
          caller,
          action,
          target: `${model}/${channel}`,
          detail: `release ${release}: ${reason}`,
          at,
        }),
      ]);
      return meta.changes > 0;
    },
    async models() {
      const [counts, releases] = await database.batch<Record<string, unknown>>([
        database
          .prepare(
            'SELECT model, COUNT(*) AS bundles FROM bundles WHERE collected IS NULL GROUP BY model ORDER BY model LIMIT ?',
          )
          .bind(MAX_LISTED_MODELS),
        select(COLUMNS, 'ORDER BY model, channel'),
      ]);
      const byModel = Map.groupBy(releases.results as unknown as Release[], ({ model }) => model);
      return (counts.results as unknown as Omit<ModelSummary, 'channels'>[]).map((row) => ({
        ...row,
        channels: byModel.get(row.model) ?? [],
      }));
    },
  };
}
