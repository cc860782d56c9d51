// Entry of the Worker: which part handles what the platform calls it for.
import { createApp } from './app.ts';
import type { Bindings } from './env.ts';
import { createCascadeCache } from './inference/cascade-cache.ts';
import type { JobMessage } from './jobs/job-message.ts';
import { consumeJobs } from './jobs/queue.ts';
import { scheduled } from './scheduled.ts';

export { Meter } from './meter/meter.ts';

// One for requests and jobs: they share the memory of the isolate.
const cache = createCascadeCache();
const app = createApp({ cache });

export default {
  fetch: app.fetch,
  queue: (batch, env) => consumeJobs(batch, { env, cache }),
  scheduled: (controller, env) => scheduled(controller, { env, cache }),
} satisfies ExportedHandler<Bindings, JobMessage>;
