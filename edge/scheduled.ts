// What the edge does by the clock: which cron of wrangler.toml runs what.
import type { Bindings } from './env.ts';
import type { CascadeCache } from './inference/cascade-cache.ts';
import { runNightly } from './jobs/run-nightly.ts';
import { collectBundles } from './registry/collect-bundles.ts';
import { SUPERVISOR, superviseRollouts } from './rollout/supervise.ts';

/** Every minute: a canary's deadline is met to the minute. */
const MINUTELY = '* * * * *';

/** Every five minutes: schedules whose hour has come, and jobs whose messages were lost. */
const FIVE_MINUTELY = '*/5 * * * *';

/** Once a night, at an odd minute, when few ask. */
const NIGHTLY = '17 3 * * *';

interface ScheduledContext {
  readonly env: Bindings;
  readonly cache: CascadeCache;
}

/** @throws what the work throws, so that the platform's log counts the run as failed. */
export async function scheduled(
  { cron, scheduledTime }: Pick<ScheduledController, 'cron' | 'scheduledTime'>,
  { env, cache }: ScheduledContext,
): Promise<void> {
  const common = { database: env.REGISTRY, now: scheduledTime };
  switch (cron) {
    case MINUTELY:
      return superviseRollouts(common);
    case FIVE_MINUTELY:
      return runNightly({ env, cache });
    case NIGHTLY:
      return collectBundles({ ...common, bucket: env.BUNDLES, caller: SUPERVISOR });
    default:
      throw new Error(`Nothing is to be done at '${cron}'`);
  }
}
