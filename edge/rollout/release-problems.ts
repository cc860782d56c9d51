// Refusals of releases and of changes to them.

import { EdgeError } from '../problem/edge-error.ts';
import type { Release } from '../registry/release.ts';

/** Another release or change came first. */
export function releaseConflict(field: string, value: unknown, current: Release | undefined) {
  return new EdgeError('release-conflict', 'The channel has moved on', {
    field,
    value,
    allowed: current
      ? `on top of release ${current.release}, ${current.state}, and its good bundle`
      : 'the first release of the channel',
  });
}

/** The release is in a state that the change does not lead out of. */
export function rolloutOver({ release, state, fallback }: Release, action: string) {
  const first = fallback === null ? ', and there is no bundle before it' : '';
  return new EdgeError('rollout-over', `Release ${release} is ${state}${first}`, {
    field: 'action',
    value: action,
    allowed: {
      canary: 'promote, rollback or widen',
      promoted: fallback === null ? 'a new release' : 'rollback, or a new release',
      'rolled-back': 'a new release',
      superseded: 'a change of the newest release',
    }[state],
  });
}
