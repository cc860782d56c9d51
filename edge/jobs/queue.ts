// The consumers of the two queues of jobs. One message an invocation, so that each has all of its CPU.
import { handleDeadMessage, handleMessage } from './handle-message.ts';
import type { JobContext } from './job-context.ts';
import type { JobMessage } from './job-message.ts';

/** As in wrangler.toml. */
export const JOBS_QUEUE = 'dandan-jobs';
export const DEAD_JOBS_QUEUE = 'dandan-jobs-dead';

/** Deliveries of a message before it goes to the dead-letter queue: `max_retries` and the first. */
const MAX_DELIVERIES = 4;

/** Seconds before the next delivery: long enough for a hiccup of R2 or D1, shorter than a lease. */
const RETRY_SECONDS = 10;

async function consume(
  batch: MessageBatch<JobMessage>,
  handle: (message: JobMessage) => Promise<void>,
): Promise<void> {
  for (const message of batch.messages) {
    try {
      await handle(message.body);
      message.ack();
    } catch (error) {
      // biome-ignore lint/suspicious/noConsole: a Worker's log is the only place where a fault of its own shows.
      console.error(error);
      message.retry({ delaySeconds: RETRY_SECONDS });
    }
  }
}

export const consumeJobs = (batch: MessageBatch<JobMessage>, context: JobContext) =>
  consume(batch, (message) => handleMessage(context, message));

export const consumeDeadJobs = (batch: MessageBatch<JobMessage>, context: JobContext) =>
  consume(batch, (message) => handleDeadMessage(context, message, MAX_DELIVERIES));
