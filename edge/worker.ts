// Entry of the Worker: which part handles what the platform calls it for.
import { createApp } from './app.ts';
import type { Bindings } from './env.ts';
import { createCascadeCache } from './inference/cascade-cache.ts';
import type { JobMessage } from './jobs/job-message.ts';
import { consumeJobs } from './jobs/queue.ts';
import { createRecorder } from './metrics/recorder.ts';
import { scheduled } from './scheduled.ts';

export { Meter } from './meter/meter.ts';

// One of each for requests and jobs: they share the memory of the isolate.
const cache = createCascadeCache();
const recorder = createRecorder();
const app = createApp({ cache, recorder });

/** Who asks for what jobs answer. */
const JOBS = { key: 'jobs', device: '' };

export default {
  fetch: app.fetch,
  queue: (batch, env, context) => {
    const waitUntil = (promise: Promise<unknown>) => context.waitUntil(promise);
    const target = { env, waitUntil, source: 'batch', asker: JOBS } as const;
    return consumeJobs(batch, { env, cache, record: (run) => recorder.record(target, run) });
  },
  scheduled: (controller, env) => scheduled(controller, { env, cache }),
} satisfies ExportedHandler<Bindings, JobMessage>;
