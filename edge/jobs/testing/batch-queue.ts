// A queue whose deliveries a test decides: what was sent lies in memory, as it does in the local
// Workers runtime, and is lost with a crash.
import type { CascadeCache } from '../../inference/cascade-cache.ts';
import { handleMessage } from '../handle-message.ts';
import type { JobContext } from '../job-context.ts';
import type { JobMessage } from '../job-message.ts';

export interface BatchQueue {
  /** As a binding. */
  readonly queue: Queue<JobMessage>;
  readonly messages: JobMessage[];
  /** Delivers until nothing is left, the next one being `choose`n of those that wait. @default {the first} */
  drain(context: JobContext, choose?: (waiting: number) => number): Promise<void>;
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
    async drain(context, choose = () => 0) {
      while (messages.length > 0) {
        const [message] = messages.splice(choose(messages.length), 1);
        await handleMessage(context, message);
      }
    },
  };
}

/** The context of a test's own deliveries. */
export function contextWith(
  env: Omit<JobContext['env'], 'JOBS'>,
  { queue }: BatchQueue,
  cache: CascadeCache,
): JobContext {
  return { env: { ...env, JOBS: queue }, cache };
}
