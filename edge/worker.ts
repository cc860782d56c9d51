// Entry of the Worker: which part handles what the platform calls it for.
import { createApp } from './app.ts';
import type { Bindings } from './env.ts';
import { createCascadeCache } from './inference/cascade-cache.ts';
import type { JobMessage } from './jobs/job-message.ts';
import { consumeDeadJobs, consumeJobs, DEAD_JOBS_QUEUE, JOBS_QUEUE } from './jobs/queue.ts';
import type { AnsweredRows } from './metrics/observation.ts';
import { createRecorder } from './metrics/recorder.ts';
import { scheduled } from './scheduled.ts';

export { Meter } from './meter/meter.ts';

// One for requests and jobs: they share the memory of the isolate.
const cache = createCascadeCache();
const app = createApp({ cache });

/** Sends at once what a chunk counted: the queue delivers the next when nothing is waited for. */
const recorder = createRecorder({ delayMs: 0 });

/** Who asks for what jobs answer. */
const JOBS = { key: 'jobs', device: '' };

/** By the name of the queue. */
const CONSUMERS: Readonly<Record<string, typeof consumeJobs>> = {
  [JOBS_QUEUE]: consumeJobs,
  [DEAD_JOBS_QUEUE]: consumeDeadJobs,
};

export default {
  fetch: app.fetch,
  queue: (batch, env, context) => {
    const waitUntil = (promise: Promise<unknown>) => context.waitUntil(promise);
    const target = { env, waitUntil, source: 'batch', asker: JOBS } as const;
    const record = (run: AnsweredRows) => recorder.record(target, run);
    return CONSUMERS[batch.queue](batch, { env, cache, record });
  },
  scheduled: (controller, env) => scheduled(controller, { env, cache }),
} satisfies ExportedHandler<Bindings, JobMessage>;
