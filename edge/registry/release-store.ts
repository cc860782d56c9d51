// Channels: which bundle of a model is current, as an append-only list of releases.
import { auditEntry } from '../audit/audit-log.ts';
import type { Caller } from '../auth/scope.ts';

/** A channel pointer: what `model/channel` means since `created`. */
export interface Release {
  readonly model: string;
  readonly channel: string;
  /** 1, 2, 3, … within the channel; an older number never becomes current again. */
  readonly release: number;
  readonly bundle: string;
  /** ISO 8601. */
  readonly created: string;
}

/** A model with its channels, for listings. */
export interface ModelSummary {
  readonly model: string;
  readonly bundles: number;
  readonly channels: readonly Release[];
}

/** Models of one listing; a plant has a handful. */
export const MAX_LISTED_MODELS = 1000;

export interface ReleaseStore {
  current(model: string, channel: string): Promise<Release | undefined>;
  /** The current release of every channel of a model, by channel name. */
  channels(model: string): Promise<Release[]>;
  /** Points the channel at a bundle of the same model, which must exist. */
  publish(target: Pick<Release, 'model' | 'channel' | 'bundle'>, caller: Caller): Promise<Release>;
  models(): Promise<ModelSummary[]>;
}

const COLUMNS = 'model, channel, release, bundle, created';

/** The newest release per channel: SQLite takes the other columns from the row of the MAX. */
const CURRENT = 'SELECT model, channel, MAX(release) AS release, bundle, created FROM releases';

export function createReleaseStore(database: D1Database): ReleaseStore {
  return {
    async current(model, channel) {
      const row = await database
        .prepare(
          `SELECT ${COLUMNS} FROM releases WHERE model = ? AND channel = ? ORDER BY release DESC LIMIT 1`,
        )
        .bind(model, channel)
        .first<Release>();
      return row ?? undefined;
    },
    async channels(model) {
      const { results } = await database
        .prepare(`${CURRENT} WHERE model = ? GROUP BY channel ORDER BY channel`)
        .bind(model)
        .all<Release>();
      return results;
    },
    async publish({ model, channel, bundle }, caller) {
      const at = new Date().toISOString();
      // One statement numbers and inserts, so two promotions at once get two numbers.
      const [{ results }] = await database.batch<Release>([
        database
          .prepare(
            `INSERT INTO releases (${COLUMNS})
             SELECT ?1, ?2, COALESCE(MAX(release), 0) + 1, ?3, ?4
             FROM releases WHERE model = ?1 AND channel = ?2
             RETURNING ${COLUMNS}`,
          )
          .bind(model, channel, bundle, at),
        auditEntry(database, {
          caller,
          action: 'release-publish',
          target: `${model}/${channel}`,
          detail: bundle,
          at,
        }),
      ]);
      const [row] = results;
      if (row === undefined) throw new Error('D1 returned no row for an insert');
      return row;
    },
    async models() {
      const [counts, releases] = await database.batch<Record<string, unknown>>([
        database
          .prepare(
            'SELECT model, COUNT(*) AS bundles FROM bundles GROUP BY model ORDER BY model LIMIT ?',
          )
          .bind(MAX_LISTED_MODELS),
        database.prepare(`${CURRENT} GROUP BY model, channel ORDER BY model, channel`),
      ]);
      const byModel = Map.groupBy(releases.results as unknown as Release[], ({ model }) => model);
      return (counts.results as unknown as Omit<ModelSummary, 'channels'>[]).map((row) => ({
        ...row,
        channels: byModel.get(row.model) ?? [],
      }));
    },
  };
}
