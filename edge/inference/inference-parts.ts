// What routes that answer rows share within an isolate.
import type { Recorder } from '../metrics/recorder.ts';
import type { PolicyDecider } from '../policies/decider.ts';
import type { ReleaseCache } from '../registry/release-cache.ts';
import type { CascadeCache } from './cascade-cache.ts';

export interface InferenceParts {
  readonly cache: CascadeCache;
  readonly releases: ReleaseCache;
  readonly recorder: Recorder;
  readonly policies: PolicyDecider;
}
