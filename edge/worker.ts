// Entry of the Worker: which part handles what the platform calls it for.
import { createApp } from './app.ts';
import type { Bindings } from './env.ts';
import { createCascadeCache } from './inference/cascade-cache.ts';
import type { JobMessage } from './jobs/job-message.ts';
import { consumeJobs } from './jobs/queue.ts';
import { runNightly } from './jobs/run-nightly.ts';

// One for requests and jobs: they share the memory of the isolate.
const cache = createCascadeCache();
const app = createApp({ cache });

export default {
  fetch: app.fetch,
  queue: (batch, env) => consumeJobs(batch, { env, cache }),
  scheduled: (_controller, env) => runNightly({ env, cache }),
} satisfies ExportedHandler<Bindings, JobMessage>;
