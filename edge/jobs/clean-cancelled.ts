// What a cancelled job leaves in the bucket, removed.
import type { AssembleCursor } from './assemble/cursor.ts';
import { type JobRow, resultFile, resultFormats, resultKey } from './job.ts';
import type { JobContext } from './job-context.ts';

/** Slices, an upload that was begun, and results that were done already. Repeating it is safe. */
export async function cleanCancelled({ env }: JobContext, job: JobRow): Promise<void> {
  const bucket = env.BATCH;
  const { result, upload } = JSON.parse(job.cursor) as Partial<AssembleCursor>;
  const format = resultFormats(job.results)[result ?? 0];
  if (upload !== undefined && format !== undefined) {
    const begun = bucket.resumeMultipartUpload(resultKey(job.id, resultFile(format)), upload);
    // It may have been completed or aborted; what it left is in the listing then.
    await begun.abort().catch(() => {});
  }
  for (;;) {
    const { objects } = await bucket.list({ prefix: resultKey(job.id, '') });
    if (objects.length === 0) return;
    await bucket.delete(objects.map(({ key }) => key));
  }
}
