// What the Worker is given by its platform, and what a request learns on its way.
import type { CallerCache } from './auth/caller-cache.ts';
import type { RateLimit } from './auth/rate-limit.ts';
import type { Caller } from './auth/scope.ts';
import type { JobMessage } from './jobs/job-message.ts';
import type { MeterCalls } from './metrics/flush.ts';

/** Bindings, named as in wrangler.toml. */
export interface Bindings {
  /** D1: bundles, releases, keys, audit log. */
  readonly REGISTRY: D1Database;
  /** R2: the bundle files. */
  readonly BUNDLES: R2Bucket;
  /** Durable Object, one per model: figures, monitors, drift. Without it nothing is counted. */
  readonly METER?: DurableObjectNamespace<Rpc.DurableObjectBranded & MeterCalls> | undefined;
  /** Analytics Engine: the same figures, where bound. */
  readonly ANALYTICS?: AnalyticsEngineDataset;
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
    callers: CallerCache;
    rateLimit: RateLimit;
  };
}
