// A release of a channel and how far it has come, as plain data.
import { isCanary } from '@dandan/shared/release';
import type { RolloutCriteria } from './rollout-criteria.ts';

export const ROLLOUT_STATES = ['canary', 'promoted', 'rolled-back', 'superseded'] as const;

export type RolloutState = (typeof ROLLOUT_STATES)[number];

/** What `model/channel` means since `created`. */
export interface Release {
  readonly model: string;
  readonly channel: string;
  /** Grows within the channel; an older number never becomes current again. */
  readonly release: number;
  /** SHA-256 of the bundle that the release brings. */
  readonly bundle: string;
  /** Where a rollback leads; `null` in the first release of a channel. */
  readonly fallback: string | null;
  readonly state: RolloutState;
  /** Percent of devices that try it while it is a canary. */
  readonly percent: number;
  /** ISO 8601, as all times. */
  readonly created: string;
  /** When the canary ends at the latest; `null` where it was none. */
  readonly deadline: string | null;
  /** When it was promoted, rolled back or superseded. */
  readonly ended: string | null;
  readonly reason: string;
}

/** The newest release of a channel, with what only its own page shows. */
export interface CurrentRelease extends Release {
  readonly criteria: RolloutCriteria | null;
  /** DSSE envelope as JSON; `null` where it was published before there were signatures. */
  readonly envelope: string | null;
}

/** The bundle that `device` is served. Anyone who asks without being a device is one by its key. */
export function servedBundle(release: Release, device: string): string {
  const { state, bundle, fallback, percent } = release;
  const tries = state === 'promoted' || (state === 'canary' && isCanary(device, release, percent));
  return tries ? bundle : (fallback ?? bundle);
}
