// A queue whose deliveries a test decides: what was sent lies in memory, as it does in the local
// Workers runtime, and is lost with a crash.
import { handleMessage } from '../handle-message.ts';
import type { JobContext } from '../job-context.ts';
import type { JobMessage } from '../job-message.ts';
import { Crash } from './crashing.ts';

/** As in wrangler.toml. */
const MAX_RETRIES = 3;

export interface BatchQueue {
  /** As a binding. */
  readonly queue: Queue<JobMessage>;
  readonly messages: JobMessage[];
  /** Delivers until nothing is left; what fails is delivered again, as the queue does. */
  drain(context: JobContext): Promise<void>;
}

export function createBatchQueue(): BatchQueue {
  const messages: JobMessage[] = [];
  const queue = {
    async sendBatch(batch: Iterable<MessageSendRequest<JobMessage>>) {
      for (const { body } of batch) messages.push(body);
    },
  } as unknown as Queue<JobMessage>;
  return {
    queue,
    messages,
    async drain(context) {
      let failures = 0;
      for (let next = messages.shift(); next !== undefined; next = messages.shift()) {
        try {
          await handleMessage(context, next);
        } catch (error) {
          if (error instanceof Crash || ++failures > MAX_RETRIES) throw error;
          messages.push(next);
        }
      }
    },
  };
}
