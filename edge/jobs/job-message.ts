// What travels on the queue. A message only says where to look: D1 decides what is still to do.
export type JobMessage =
  /** The serial phases: runs step `step`, and nothing where the job is at another. */
  | { readonly job: string; readonly step: number }
  | { readonly job: string; readonly chunk: number }
  /** Enqueues the chunks from this number on that are still to do. */
  | { readonly job: string; readonly enqueue: number };

/** The platform's limit on a batch. */
const MESSAGES_PER_BATCH = 100;

export async function sendMessages(
  queue: Queue<JobMessage>,
  messages: readonly JobMessage[],
): Promise<void> {
  for (let begin = 0; begin < messages.length; begin += MESSAGES_PER_BATCH) {
    const batch = messages.slice(begin, begin + MESSAGES_PER_BATCH);
    await queue.sendBatch(batch.map((body) => ({ body })));
  }
}
