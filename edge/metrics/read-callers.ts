// Who asked, as D1 knows it.

/** Of one answer, those seen last. */
export const MAX_LISTED_CALLERS = 1000;

export interface CallerCount {
  readonly model: string;
  readonly key: string;
  readonly device: string | null;
  readonly bundle: string;
  readonly requests: number;
  readonly nodes: number;
  readonly escalations: number;
  readonly degraded: number;
  readonly lastSeen: string;
}

/** The last seen first. */
export async function readCallers(
  database: D1Database,
  model: string | undefined,
): Promise<CallerCount[]> {
  const { results } = await database
    .prepare(
      `SELECT model, key_id AS key, NULLIF(device, '') AS device, bundle, requests, nodes,
       escalations, degraded, last_seen AS lastSeen FROM caller_counts
       WHERE ?1 IS NULL OR model = ?1 ORDER BY last_seen DESC, model, key, device LIMIT ?2`,
    )
    .bind(model ?? null, MAX_LISTED_CALLERS)
    .all<CallerCount>();
  return results;
}
