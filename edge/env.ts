// What the Worker is given by its platform, and what a request learns on its way.
import type { RateLimit } from './auth/rate-limit.ts';
import type { Caller } from './auth/scope.ts';
import type { JobMessage } from './jobs/job-message.ts';

/** Bindings, named as in wrangler.toml. */
export interface Bindings {
  /** D1: bundles, releases, keys, audit log. */
  readonly REGISTRY: D1Database;
  /** R2: the bundle files. */
  readonly BUNDLES: R2Bucket;
  /** R2: inputs, slices and results of jobs. */
  readonly BATCH: R2Bucket;
  /** Queue of jobs' steps and chunks, which this Worker also consumes. */
  readonly JOBS: Queue<JobMessage>;
  /** Worker secret: the first operator key, from which all others are made. */
  readonly OPERATOR_KEY?: string;
}

export interface EdgeEnv {
  Bindings: Bindings;
  Variables: {
    /** Who asks; set by `requireKey`, so there on guarded routes. */
    caller: Caller;
    rateLimit: RateLimit;
  };
}
