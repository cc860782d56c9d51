// Ends canaries without a person: looks at the facts, and promotes or rolls back where they say so.
import type { Caller } from '../auth/scope.ts';
import type { CurrentRelease } from '../registry/release.ts';
import { createReleaseStore } from '../registry/release-store.ts';
import { readRolloutFacts } from './facts.ts';
import { judgeRollout } from './judge.ts';

/** Who the audit log names for what the edge does by itself. */
export const SUPERVISOR: Caller = { id: 'supervisor', name: 'supervisor', scope: 'operator' };

interface SuperviseOptions {
  readonly database: D1Database;
  /** Milliseconds since the epoch. @default {Date.now()} */
  readonly now?: number;
}

/** The release as it stands after the facts were looked at; unchanged where it is no canary. */
export async function superviseRelease(
  release: CurrentRelease,
  { database, now = Date.now() }: SuperviseOptions,
): Promise<CurrentRelease> {
  const { state, criteria, deadline } = release;
  if (state !== 'canary' || criteria === null || deadline === null) return release;
  const facts = await readRolloutFacts(database, release, { criteria, now });
  const verdict = judgeRollout(criteria, facts, { expired: now >= Date.parse(deadline) });
  if (verdict.kind === 'continue') return release;
  const promoted = verdict.kind === 'promote';
  const store = createReleaseStore(database);
  await store.change(
    release,
    {
      action: promoted ? 'rollout-promote' : 'rollout-rollback',
      from: ['canary'],
      to: promoted ? 'promoted' : 'rolled-back',
      reason: verdict.reason,
    },
    SUPERVISOR,
  );
  // Someone else may have been quicker: what the database says now counts.
  return (await store.current(release.model, release.channel)) ?? release;
}

/** Looks at every canary in progress; one that fails does not keep the others from being looked at. */
export async function superviseRollouts(options: SuperviseOptions): Promise<void> {
  const releases = await createReleaseStore(options.database).inProgress();
  const results = await Promise.allSettled(
    releases.map((release) => superviseRelease(release, options)),
  );
  const failed = results.filter((result) => result.status === 'rejected');
  if (failed.length > 0) {
    throw new AggregateError(
      failed.map(({ reason }) => reason),
      'A rollout could not be looked at',
    );
  }
}
